// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_LONGRUN_LONG_RUN_H_
#define VIOS_PROXY_TESTING_LONGRUN_LONG_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "testing/campaign/health.h"
#include "testing/campaign/plan.h"
#include "testing/campaign/world.h"
#include "testing/longrun/session_sums.h"
#include "testing/vm/agent.h"

namespace vios::testing {

struct LongRunOptions {
  int connections = 10000;  // Short ones,
  int clients = 50;         // from so many clients at once.
  absl::Duration mixed = absl::Minutes(10);
  uint64_t seed = 1;  // What the mixed traffic is drawn from.
};

// Traffic through a world in which nothing fails, and what it leaves behind.
// Prints as it goes on. Errors are the harness's own; what the proxies did
// wrong is collected. Blocks for as long as it takes. Not thread-safe.
class LongRun {
 public:
  LongRun(World& world, const LongRunOptions& options)
      : world_(world), options_(options), health_(world) {}

  absl::Status Run();
  const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  struct Running {
    Connection plan;  // Without a name: short connections, `count` of them.
    int count = 0;
    Job job;
  };

  absl::Status UseEveryChannel();
  absl::Status ShortConnections();
  absl::Status MixedTraffic();
  absl::Status StopDaemons();
  absl::Status CompareSums();

  absl::Status Start(Running client, std::vector<Running>& running);
  absl::Status StartShort(int count, int clients,
                          std::vector<Running>& running);
  // Collects those that have ended; all of them must before `limit` is over.
  absl::Status Collect(std::vector<Running>& running);
  absl::Status AwaitAll(std::vector<Running>& running, absl::Duration limit);
  void Count(const Running& client, const std::string& output);
  absl::Status CheckHealth(const std::string& when);
  bool Begun(const std::vector<Running>& clients) const;

  World& world_;
  const LongRunOptions options_;
  Health health_;
  SessionSums clients_;  // What all clients say.
  std::vector<std::string> wrong_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_LONGRUN_LONG_RUN_H_
