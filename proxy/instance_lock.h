// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_INSTANCE_LOCK_H_
#define VIOS_PROXY_PROXY_INSTANCE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/channel_filter.h"
#include "channel/unique_fd.h"

namespace vios {

// Keeps a second daemon off the same directory and channels: an abstract unix
// socket that its holder listens on, so that the kernel frees it with the
// process and tells a refused one who that is. Best effort: it reaches as far
// as the network namespace.
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
  explicit InstanceLock(UniqueFd listener) : listener_(std::move(listener)) {}

  UniqueFd listener_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_INSTANCE_LOCK_H_
