// SPDX-License-Identifier: Apache-2.0
#include "proxy/root_directory.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"

namespace vios {

absl::Status CheckDirectory(const std::string& path,
                            const DirectoryDiagnostics& diagnostics) {
  struct stat file = {};
  if (::stat(path.c_str(), &file) != 0) {
    return ErrnoStatus(diagnostics.stat, path);
  }
  if (!S_ISDIR(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(diagnostics.not_a_directory, " ", path));
  }
  const UniqueFd opened(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.ok()) return absl::OkStatus();
  return ErrnoStatus(diagnostics.open, path);
}

}  // namespace vios
