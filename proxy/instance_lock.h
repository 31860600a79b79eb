// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_INSTANCE_LOCK_H_
#define VIOS_PROXY_PROXY_INSTANCE_LOCK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/channel_filter.h"
#include "channel/unique_fd.h"

namespace vios {

// Keeps a second daemon off the same directory and channels: abstract unix
// sockets that its holder listens on, so that the kernel frees them with the
// process and tells a refused one who that is. One is named by the directory
// itself, whatever path leads to it; one by the path, for the daemon goes on
// with a directory that is made anew. Best effort: it reaches as far as the
// network namespace, and by the path as far as the mount namespace.
class InstanceLock {
 public:
  // `role` is the program's name, `channels` the --channels set; the order of
  // its globs and repetitions make no difference. ALREADY_EXISTS with the
  // line for the operator when taken. Does not block.
  static absl::StatusOr<InstanceLock> Acquire(absl::string_view role,
                                              const std::string& directory,
                                              const ChannelFilter& channels);

  // Forgets those who came to ask who holds the lock, or thousands of them.
  // Call it now and then, or after as many refusals no more of them learn it.
  // Does not block, however many come meanwhile.
  void DropVisitors();

 private:
  InstanceLock() = default;

  std::vector<UniqueFd> listeners_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_INSTANCE_LOCK_H_
