// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_DIRECTORY_ENTRIES_H_
#define VIOS_PROXY_CHANNEL_DIRECTORY_ENTRIES_H_

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios {

// How a role words what can be wrong with a directory; the path follows.
struct DirectoryWording {
  const char* stat_failed;
  const char* no_directory;
  const char* open_failed;
};

struct DirectoryEntries {
  struct Entry {
    std::string name;
    std::string path;
    struct stat info;  // Of the entry itself: a symlink is not followed.
  };
  std::vector<Entry> entries;  // Sorted by name, without "." and "..".
  bool more = false;           // There were more than asked for.
};

// The first `most` entries of the directory at `path`. NOT_FOUND when it is
// gone, FAILED_PRECONDITION when it is none, else as errno is mapped, worded by
// `wording`. With `follow` it may be a symlink. Entries that vanish meanwhile
// are left out. Thread-safe; blocks as the file system does.
absl::StatusOr<DirectoryEntries> ReadDirectory(const std::string& path,
                                               const DirectoryWording& wording,
                                               bool follow, size_t most);

// `directory` and `name` with one slash between.
std::string JoinPath(const std::string& directory, const std::string& name);

// The last part of `path`, trailing slashes aside.
std::string BaseName(absl::string_view path);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_DIRECTORY_ENTRIES_H_
