// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_PLAY_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_PLAY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/deadline.h"
#include "testing/campaign/health.h"
#include "testing/campaign/injector.h"
#include "testing/campaign/judge.h"
#include "testing/campaign/plan.h"
#include "testing/campaign/tally.h"
#include "testing/campaign/world.h"

namespace vios::testing {

// Plays rounds against a world and judges what comes of them. Errors are the
// harness's own and end the campaign. Not thread-safe.
class Campaign {
 public:
  explicit Campaign(World& world)
      : world_(world), injector_(world), health_(world) {}

  // Begins its connections and faults; returns when all connections have ended
  // and all channels serve again, or a time is over that neither may take.
  absl::StatusOr<RoundResult> Play(const Round& round);
  std::string Figures() const { return health_.Figures(); }

 private:
  // What is known of a connection besides what it says.
  struct Expected {
    Connection plan;
    Allowed allowed;
    bool wiped =
        false;  // Its client is gone, so that the service's word counts.
  };

  absl::StatusOr<RunningClient> Start(const Connection& plan, Allowed allowed);
  absl::Status StartConnections(const Round& round);
  absl::Status Inject(const Round& round);
  absl::Status AwaitConnections(RoundResult& result);
  absl::Status Await(const RunningClient& client, Deadline deadline,
                     RoundResult& result);
  absl::Status AwaitAllChannels(RoundResult& result);
  absl::Status ReplaceEnded(std::vector<RunningClient>& checks,
                            RoundResult& result);
  absl::StatusOr<RunningClient> StartCheck();
  bool HaveBegun(const std::vector<RunningClient>& clients) const;
  void Judge(const Served& served, RoundResult& result);
  void JudgeServices(RoundResult& result);
  void Count(const Verdict& verdict, RoundResult& result);

  World& world_;
  Injector injector_;
  Health health_;
  std::vector<RunningClient> clients_;        // Of this round.
  std::map<std::string, Expected> expected_;  // By name, the checks' too.
  size_t served_before_ = 0;   // What the service had logged before.
  size_t strange_before_ = 0;  //
  int checks_ = 0;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_PLAY_H_
