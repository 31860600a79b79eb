// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SOCKET_FARM_H_
#define VIOS_PROXY_TESTING_BENCH_SOCKET_FARM_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/unique_fd.h"

namespace vios::testing {

// The unix sockets of many QEMUs, at which a daemon is to come in. It has no
// threads: the kernel lets a daemon connect, and Accept() takes it in later.
// Not thread-safe.
class SocketFarm {
 public:
  // Listens at each of `paths`, whose directories exist.
  static absl::StatusOr<std::unique_ptr<SocketFarm>> Listen(
      std::vector<std::string> paths);

  const std::vector<std::string>& paths() const { return paths_; }
  // The next connection to the `i`-th socket: it blocks, in each read and write
  // for at most `no_progress`, and so does this call: DEADLINE_EXCEEDED.
  absl::StatusOr<UniqueFd> Accept(size_t i, absl::Duration no_progress);

 private:
  explicit SocketFarm(std::vector<std::string> paths)
      : paths_(std::move(paths)) {}

  const std::vector<std::string> paths_;
  std::vector<UniqueFd> listeners_;
};

// `root`/gN/M for `channels` sockets in guests of `per_guest`; makes `root` and
// the directories in it.
absl::StatusOr<std::vector<std::string>> HostPaths(const std::string& root,
                                                   int channels, int per_guest);
// `directory`/qpid.N, likewise.
absl::StatusOr<std::vector<std::string>> GuestPaths(
    const std::string& directory, int ports);

// A socket that accepts within `no_progress`, as do the reads and writes of
// what it gives.
absl::StatusOr<UniqueFd> AcceptOne(int listener, absl::Duration no_progress);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SOCKET_FARM_H_
