// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_STAGE_H_
#define VIOS_PROXY_TESTING_BENCH_STAGE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "channel/scratch_dir.h"
#include "testing/bench/results.h"
#include "testing/bench/way.h"
#include "testing/bench/workload.h"
#include "testing/vm/process.h"
#include "testing/vm/vm.h"

namespace vios::testing {

struct StageOptions {
  std::string cpu = "max";  // As QEMU's -cpu takes it.
  int vcpus = 1;
  std::vector<std::string> ways;  // Names; empty: all.
  // Another build of the daemons to compare with, as the way "other": an
  // archive with `other-guest` for the guest, and the host's program.
  std::string other_archive;
  std::string other_host;
};

// A guest, a load service on the host and one in the guest, and all ways
// between them. Not thread-safe. All calls block, with a limit.
class Stage {
 public:
  static absl::StatusOr<std::unique_ptr<Stage>> Set(
      const StageOptions& options);

  std::vector<std::string> WayNames() const;  // Ours first.
  // Whether the way can do it at all.
  bool Can(const std::string& way, const Workload& workload) const;
  absl::StatusOr<Sample> Measure(const std::string& way,
                                 const Workload& workload);

 private:
  explicit Stage(const StageOptions& options) : options_(options) {}
  absl::Status StartServices();
  absl::Status AddWays();
  absl::Status AddProxies(const ProxyWayOptions& options);
  bool Wanted(const std::string& way) const;
  Way& Find(const std::string& way) const;
  absl::StatusOr<Sample> RunOn(Way& way, const Workload& workload);

  const StageOptions options_;
  const ScratchDir logs_;
  std::unique_ptr<Process> service_;
  uint16_t service_port_ = 0;
  std::unique_ptr<Vm> vm_;
  std::vector<std::pair<std::string, std::unique_ptr<Way>>> ways_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_STAGE_H_
