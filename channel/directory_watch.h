// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_DIRECTORY_WATCH_H_
#define VIOS_PROXY_CHANNEL_DIRECTORY_WATCH_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "channel/unique_fd.h"

namespace vios {

// Tells at once that a directory or its sub-directories changed, by inotify.
// Best effort: what it misses the next rescan finds. While the directory is
// missing its parent is watched, so that it is seen to come back. Never blocks.
// One thread's.
class DirectoryWatch {
 public:
  explicit DirectoryWatch(std::string directory);

  // Readable after a change; -1 when there is no inotify to be had.
  int fd() const { return inotify_.get(); }

  // Watches the directory and `sub_directories`, and nothing else any more. To
  // be called after each listing: it also finds a directory that came anew
  // under its old name. True when one is watched that was not before: list once
  // more, for what changed in it until now was not told.
  bool Watch(const std::vector<std::string>& sub_directories);

  // Reads away what made fd() readable. Before a listing, not after: a change
  // during the listing has to ring again.
  void Drain();

  // Why changes are seen by rescans alone, or OK. Changes in Watch() only.
  const absl::Status& status() const { return status_; }

 private:
  bool Add(const std::string& path, uint32_t how);
  void AddRoot();

  const std::string directory_;
  UniqueFd inotify_;
  std::set<int> watched_;  // Watch descriptors.
  std::set<int> wanted_;   // Those of the Watch() that is under way.
  absl::Status status_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_DIRECTORY_WATCH_H_
