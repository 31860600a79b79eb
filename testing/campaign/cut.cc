// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/cut.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"

namespace vios::testing {
namespace {

// The C library has no wrappers for these.
UniqueFd OpenProcess(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

UniqueFd CopyDescriptor(int process, int number) {
  return UniqueFd(
      static_cast<int>(::syscall(SYS_pidfd_getfd, process, number, 0)));
}

bool IsConnectedTo(int fd, const std::string& path) {
  sockaddr_un peer{};
  socklen_t size = sizeof(peer) - 1;  // Leaves room for the final zero.
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
         peer.sun_family == AF_UNIX && path == peer.sun_path;
}

}  // namespace

absl::Status CutConnection(pid_t pid, const std::string& path) {
  const UniqueFd process = OpenProcess(pid);
  if (!process.ok()) return ErrnoStatus("pidfd_open", absl::StrCat(pid));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(
           absl::StrCat("/proc/", pid, "/fd"), error)) {
    int number = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &number)) continue;
    const UniqueFd copy = CopyDescriptor(process.get(), number);
    if (!copy.ok()) {
      if (errno == EBADF) continue;  // Closed meanwhile.
      return ErrnoStatus("pidfd_getfd", absl::StrCat(pid));
    }
    if (!IsConnectedTo(copy.get(), path)) continue;
    ::shutdown(copy.get(), SHUT_RDWR);
    return absl::OkStatus();
  }
  return absl::NotFoundError(absl::StrCat("no connection to ", path));
}

}  // namespace vios::testing
