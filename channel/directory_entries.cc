// SPDX-License-Identifier: Apache-2.0
#include "channel/directory_entries.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};
using UniqueDir = std::unique_ptr<DIR, CloseDir>;

absl::Status Look(const std::string& path, const DirectoryWording& wording,
                  bool follow, struct stat* info) {
  const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(AT_FDCWD, path.c_str(), info, flags) != 0) {
    return LookFailure(wording.stat_failed, path);
  }
  if (S_ISDIR(info->st_mode)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(wording.no_directory, ": ", path));
}

// Opens what was looked at, and nothing that was put in its place since.
absl::StatusOr<UniqueDir> OpenDirectory(const std::string& path,
                                        const DirectoryWording& wording,
                                        const struct stat& looked_at) {
  UniqueDir dir(::opendir(path.c_str()));  // Close-on-exec by itself.
  if (dir == nullptr) return LookFailure(wording.open_failed, path);
  struct stat info = {};
  if (::fstat(::dirfd(dir.get()), &info) != 0) {
    return LookFailure(wording.stat_failed, path);
  }
  if (info.st_dev != looked_at.st_dev || info.st_ino != looked_at.st_ino) {
    return absl::NotFoundError(
        absl::StrCat(wording.open_failed, ": ", path, ": just replaced"));
  }
  return dir;
}

// The next entry; null at the end, and when errno is not 0.
const dirent* Next(DIR* dir) {
  errno = 0;
  return ::readdir(dir);
}

// The first that the file system tells, sorted. False with errno when it cannot
// tell all of them.
bool ReadNames(DIR* dir, size_t most, std::vector<std::string>* names,
               bool* more) {
  *more = false;
  while (const dirent* entry = Next(dir)) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    *more = names->size() == most;
    if (*more) break;
    names->push_back(std::move(name));
  }
  if (!*more && errno != 0) return false;
  std::sort(names->begin(), names->end());
  return true;
}

}  // namespace

absl::Status CheckDirectory(const std::string& path,
                            const DirectoryWording& wording) {
  struct stat info = {};
  const absl::Status status = Look(path, wording, /*follow=*/true, &info);
  if (!status.ok()) return status;
  const UniqueDir opened(::opendir(path.c_str()));
  return opened != nullptr ? absl::OkStatus()
                           : LookFailure(wording.open_failed, path);
}

bool TellsWhatIsThere(const absl::Status& status) {
  return !absl::IsResourceExhausted(status) &&
         !absl::IsPermissionDenied(status) && !absl::IsUnknown(status);
}

absl::Status LookFailure(absl::string_view wording, const std::string& path) {
  const int error = errno;
  const absl::Status mapped =
      absl::ErrnoToStatus(error, absl::StrCat(wording, ": ", path));
  switch (error) {
    case ENOENT:
    case EACCES:
    case EPERM:
      return mapped;
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
      return absl::FailedPreconditionError(mapped.message());
    default:
      return absl::IsResourceExhausted(mapped)
                 ? mapped
                 : absl::UnknownError(mapped.message());
  }
}

const char* FileKind(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "a plain file";
    case S_IFDIR:
      return "a directory";
    case S_IFLNK:
      return "a symlink";
    case S_IFIFO:
      return "a pipe";
    case S_IFBLK:
      return "a block device";
    case S_IFCHR:
      return "a character device";
    case S_IFSOCK:
      return "a socket";
    default:
      return "of an unknown kind";
  }
}

absl::string_view WithoutSlash(absl::string_view path) {
  while (path.size() > 1 && absl::ConsumeSuffix(&path, "/")) continue;
  return path;
}

std::string BaseName(absl::string_view path) {
  path = WithoutSlash(path);
  const size_t slash = path.rfind('/');
  const bool whole = slash == path.npos || path.size() == 1;
  return std::string(whole ? path : path.substr(slash + 1));
}

std::string JoinPath(const std::string& directory, const std::string& name) {
  const bool slash = !directory.empty() && directory.back() == '/';
  return absl::StrCat(directory, slash ? "" : "/", name);
}

absl::StatusOr<DirectoryEntries> ReadDirectory(const std::string& path,
                                               const DirectoryWording& wording,
                                               bool follow, size_t most) {
  struct stat info = {};
  absl::Status status = Look(path, wording, follow, &info);
  if (!status.ok()) return status;
  absl::StatusOr<UniqueDir> dir = OpenDirectory(path, wording, info);
  if (!dir.ok()) return dir.status();
  DirectoryEntries result;
  std::vector<std::string> names;
  if (!ReadNames(dir->get(), most, &names, &result.more)) {
    return LookFailure(wording.open_failed, path);
  }
  const int fd = ::dirfd(dir->get());
  for (std::string& name : names) {
    DirectoryEntries::Entry entry = {name, JoinPath(path, name), {}};
    if (::fstatat(fd, name.c_str(), &entry.info, AT_SYMLINK_NOFOLLOW) == 0) {
      result.entries.push_back(std::move(entry));
    } else if (errno != ENOENT) {
      result.unread.push_back(
          {std::move(name), LookFailure(wording.stat_failed, entry.path)});
    }
  }
  return result;
}

}  // namespace vios
