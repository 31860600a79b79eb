// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SCALE_HOST_H_
#define VIOS_PROXY_TESTING_BENCH_SCALE_HOST_H_

#include <sys/types.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "testing/bench/farm_port.h"
#include "testing/bench/line.h"
#include "testing/bench/scale_results.h"
#include "testing/bench/socket_farm.h"
#include "testing/vm/process.h"

namespace vios::testing {

// A host daemon with many channels, a farm of guests on its one side and a
// service on the other, all of it on this machine. Not thread-safe; all calls
// block, with a limit.
class ScaleHost {
 public:
  // With every channel connected, and every guest known to the daemon.
  static absl::StatusOr<std::unique_ptr<ScaleHost>> Start(int channels,
                                                          int per_guest);

  absl::StatusOr<IdleFigures> Idle(absl::Duration window);
  // A session on each channel, one after the other, and once more.
  absl::StatusOr<Turnover> TurnOver();
  // `count` sessions that stay open, spread over the guests.
  absl::StatusOr<std::vector<std::unique_ptr<Line>>> OpenLines(int count);
  // What the daemon asks of those that have no session. To be called every few
  // seconds.
  absl::Status Tend();
  pid_t pid() const { return daemon_->pid(); }

 private:
  ScaleHost() = default;
  absl::Status Prepare(int channels, int per_guest);
  absl::Status StartDaemon();
  absl::StatusOr<std::unique_ptr<Line>> OpenLine(size_t i);
  absl::Status RunSession(size_t i);
  absl::Status SessionOnEach(int* resident_kib, int* threads);

  const ScratchDir dir_;
  UniqueFd service_;
  std::unique_ptr<SocketFarm> farm_;
  std::unique_ptr<Process> daemon_;
  double ready_seconds_ = 0;
  std::vector<std::unique_ptr<FarmPort>> ports_;
  std::vector<bool> busy_;  // Has a session.
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SCALE_HOST_H_
