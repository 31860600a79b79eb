// SPDX-License-Identifier: Apache-2.0
#include "channel/directory_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "channel/errno_status.h"

namespace vios {
namespace {

constexpr uint32_t kChanges = IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                              IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
                              IN_MOVE_SELF | IN_ONLYDIR;
constexpr uint32_t kArrivals = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

std::string ParentOf(const std::string& directory) {
  std::filesystem::path path = std::filesystem::path(directory) / "";
  path = path.parent_path().parent_path();
  return path.empty() ? "." : path.string();
}

// What a directory that is not there, or not for us, answers. The listing tells
// about that; here it is no failure.
bool IsAboutTheDirectory(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES ||
         error == ELOOP;
}

}  // namespace

DirectoryWatch::DirectoryWatch(std::string directory)
    : directory_(std::move(directory)),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (!inotify_.ok()) status_ = ErrnoStatus("inotify_init1", directory_);
  (void)Watch({});
}

bool DirectoryWatch::Watch(const std::vector<std::string>& sub_directories) {
  if (!inotify_.ok()) return false;
  status_ = absl::OkStatus();
  wanted_.clear();
  AddRoot();
  for (const std::string& path : sub_directories) {
    (void)Add(path, kChanges | IN_DONT_FOLLOW);
  }
  for (int old : watched_) {
    // One that the kernel has dropped by itself is only refused here.
    if (!wanted_.contains(old)) (void)::inotify_rm_watch(inotify_.get(), old);
  }
  const bool anything_new = !std::includes(watched_.begin(), watched_.end(),
                                           wanted_.begin(), wanted_.end());
  watched_ = wanted_;
  return anything_new;
}

void DirectoryWatch::AddRoot() {
  if (Add(directory_, kChanges)) return;
  (void)Add(ParentOf(directory_), kArrivals);
  // It may have come before its parent was watched.
  (void)Add(directory_, kChanges);
}

// One that is watched already keeps its watch descriptor.
bool DirectoryWatch::Add(const std::string& path, uint32_t how) {
  const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), how);
  if (watch >= 0) {
    wanted_.insert(watch);
    return true;
  }
  if (IsAboutTheDirectory(errno)) return false;
  const absl::Status failure = ErrnoStatus("inotify_add_watch", path);
  status_.Update(failure);
  return false;
}

void DirectoryWatch::Drain() {
  constexpr int kMostReads = 256;
  alignas(inotify_event) char events[4096];
  // No more than there can be at once, however many come meanwhile: what is
  // left asks for another look.
  for (int i = 0; i < kMostReads; ++i) {
    if (!inotify_.ok()) return;
    if (::read(inotify_.get(), events, sizeof events) <= 0) return;
  }
}

}  // namespace vios
