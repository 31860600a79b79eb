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
  struct Unread {
    std::string name;
    absl::Status status;  // Worded as the directory's own.
  };
  std::vector<Entry> entries;  // Sorted by name, without "." and "..".
  std::vector<Unread> unread;  // What of them cannot be looked at.
  bool more = false;           // There were more than asked for.
};

// The first `most` entries of the directory at `path`. NOT_FOUND when it is
// gone, FAILED_PRECONDITION when it is none, PERMISSION_DENIED when it is
// closed to us; RESOURCE_EXHAUSTED or UNKNOWN when it cannot be told what there
// is: no memory or descriptors, or the file system failed. Worded by `wording`.
// With `follow` it may be a symlink. Entries that vanish meanwhile are left
// out. Thread-safe; blocks as the file system does.
absl::StatusOr<DirectoryEntries> ReadDirectory(const std::string& path,
                                               const DirectoryWording& wording,
                                               bool follow, size_t most);

// Whether the above would find a directory, or a link to one, that we can list.
absl::Status CheckDirectory(const std::string& path,
                            const DirectoryWording& wording);

// Whether a failure of the above, or of a stat, tells what there is: nothing.
// What is closed to us may be as it was, and a session that runs needs no name.
bool TellsWhatIsThere(const absl::Status& status);

// A status as above of a call that just failed.
absl::Status LookFailure(absl::string_view wording, const std::string& path);

// "a plain file", "a socket", ... by the kind of file in `mode`.
const char* FileKind(mode_t mode);

// `directory` and `name` with one slash between.
std::string JoinPath(const std::string& directory, const std::string& name);

// `path` without slashes at its end, but for that of "/".
absl::string_view WithoutSlash(absl::string_view path);

// Whether both are the same path, slashes at their ends aside.
inline bool SameDirectory(absl::string_view a, absl::string_view b) {
  return WithoutSlash(a) == WithoutSlash(b);
}

// The last part of `path`, trailing slashes aside.
std::string BaseName(absl::string_view path);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_DIRECTORY_ENTRIES_H_
