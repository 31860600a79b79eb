// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_JUDGE_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_JUDGE_H_

#include <string>
#include <vector>

#include "testing/campaign/fault.h"
#include "testing/campaign/plan.h"
#include "testing/campaign/service_log.h"
#include "testing/vm/client_result.h"

namespace vios::testing {

// What may have happened to a connection besides a clean end.
struct Allowed {
  bool reset = false;    // By a fault.
  bool refused = false;  // Nobody listened in the guest.
};

// kClean: with every byte right. kReset: with every byte right as far as they
// came. kMeant: the client itself gave up, or was killed.
enum class Ending { kClean, kReset, kMeant };

// How one side of a connection ended, and what is wrong with that: empty when
// nothing is.
struct Verdict {
  Ending ending = Ending::kReset;
  std::string wrong;
};

// By what the client said.
Verdict JudgeClient(const Connection& plan, const ClientResult& result,
                    const Allowed& allowed);
// By what the service logged.
Verdict JudgeService(const Connection& plan, const Served& served,
                     const Allowed& allowed);

// Of a round with these faults: what is wrong with so many connections that
// ended in a reset; empty when nothing is.
std::string JudgeResets(const std::vector<Fault>& faults, int resets);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_JUDGE_H_
