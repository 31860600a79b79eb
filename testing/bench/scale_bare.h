// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SCALE_BARE_H_
#define VIOS_PROXY_TESTING_BENCH_SCALE_BARE_H_

#include <sys/types.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "testing/bench/line.h"
#include "testing/bench/socket_farm.h"
#include "testing/vm/process.h"

namespace vios::testing {

// What a host daemon is measured beside: a process that copies between the same
// kinds of sockets with as many threads, and does nothing else. Not
// thread-safe. Blocks, with a limit.
class ScaleBare {
 public:
  static absl::StatusOr<std::unique_ptr<ScaleBare>> Start(int lines);

  const std::vector<std::unique_ptr<Line>>& lines() const { return lines_; }
  pid_t pid() const { return process_->pid(); }

 private:
  ScaleBare() = default;
  absl::Status Connect(int lines);

  const ScratchDir dir_;
  UniqueFd service_;
  std::unique_ptr<SocketFarm> farm_;
  std::unique_ptr<Process> process_;
  std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SCALE_BARE_H_
