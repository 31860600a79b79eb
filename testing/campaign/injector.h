// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_INJECTOR_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_INJECTOR_H_

#include <vector>

#include "absl/status/status.h"
#include "testing/campaign/plan.h"
#include "testing/campaign/world.h"
#include "testing/vm/agent.h"

namespace vios::testing {

// A connection that has been started in the guest.
struct RunningClient {
  Connection plan;
  Job job;
  bool killed = false;  // By us.
  bool wiped = false;   // The guest does not know it any more.
};

// Makes faults happen. A fault that lasts has begun when Begin() returns and is
// over when End() does; others happen in either. Errors are the harness's own.
// Not thread-safe.
class Injector {
 public:
  explicit Injector(World& world) : world_(world) {}

  absl::Status Begin(const PlannedFault& fault,
                     std::vector<RunningClient>& clients);
  absl::Status End(const PlannedFault& fault);

  // What kSnapshotLoaded goes back to; `clients` are those that run.
  absl::Status TakeSnapshot(const std::vector<RunningClient>& clients);

 private:
  absl::Status KillClient(uint32_t which, std::vector<RunningClient>& clients);
  absl::Status CutHostEnd(uint32_t port);
  absl::Status ChangeSocket(uint32_t port, const std::string& backend);
  absl::Status Reset(std::vector<RunningClient>& clients);
  absl::Status LoadSnapshot(std::vector<RunningClient>& clients);

  World& world_;
  size_t clients_in_snapshot_ = 0;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_INJECTOR_H_
