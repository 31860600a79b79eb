// SPDX-License-Identifier: Apache-2.0
#include "channel/endpoint.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"

namespace vios {
namespace {

// As ErrnoStatus(), with the codes that endpoint.h promises.
absl::Status OpenFailure(absl::string_view operation, const std::string& path) {
  const int error = errno;
  const absl::Status status = ErrnoStatus(operation, path);
  switch (error) {
    case ENXIO:
      return absl::UnavailableError(status.message());
    case EAGAIN:
      return absl::AbortedError(status.message());
    case ENOTDIR:
    case ELOOP:
      return absl::NotFoundError(status.message());
    default:
      return status;
  }
}

absl::Status CheckLength(const std::string& path) {
  if (path.size() <= kMaxSocketPath) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("connect ", path, ": the path has ", path.size(),
                   " bytes, a socket address holds ", kMaxSocketPath,
                   ": use a shorter directory or name"));
}

// Pins what `path` names now, so that it cannot become a symlink to somebody
// else's socket between the look at it and the connect. It must be `expected`
// itself, unless that is null.
absl::StatusOr<UniqueFd> PinSocket(const std::string& path,
                                   const Endpoint* expected) {
  UniqueFd pin(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!pin.ok()) return OpenFailure("open", path);
  struct stat info = {};
  if (::fstat(pin.get(), &info) != 0) return OpenFailure("fstat", path);
  if (!S_ISSOCK(info.st_mode)) {
    return absl::NotFoundError(absl::StrCat(path, " is no socket"));
  }
  if (expected != nullptr &&
      (info.st_dev != expected->dev || info.st_ino != expected->ino)) {
    return absl::NotFoundError(absl::StrCat(path, " is another one by now"));
  }
  return pin;
}

// The name of what is pinned; where there is no /proc, the path has to do.
std::string NameOf(const UniqueFd& pin, const std::string& path) {
  const std::string name = absl::StrCat("/proc/self/fd/", pin.get());
  return ::access(name.c_str(), F_OK) == 0 ? name : path;
}

int ConnectTo(int fd, const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                   sizeof address);
}

absl::StatusOr<UniqueFd> ConnectPinned(const std::string& path,
                                       const Endpoint* expected) {
  absl::Status length = CheckLength(path);
  if (!length.ok()) return length;
  absl::StatusOr<UniqueFd> pin = PinSocket(path, expected);
  if (!pin.ok()) return pin.status();
  UniqueFd socket(
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.ok()) return OpenFailure("socket for", path);
  if (ConnectTo(socket.get(), NameOf(*pin, path)) != 0) {
    return OpenFailure("connect", path);
  }
  return socket;
}

}  // namespace

absl::StatusOr<UniqueFd> OpenDevice(const std::string& path) {
  UniqueFd device(
      ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!device.ok()) return OpenFailure("open", path);
  struct stat info = {};
  if (::fstat(device.get(), &info) != 0) return OpenFailure("fstat", path);
  if (!S_ISCHR(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("open ", path, ": not a character device"));
  }
  return device;
}

absl::StatusOr<UniqueFd> ConnectSocket(const std::string& path) {
  return ConnectPinned(path, nullptr);
}

absl::StatusOr<UniqueFd> Open(const Endpoint& endpoint) {
  if (endpoint.kind == EndpointKind::kDevice) return OpenDevice(endpoint.path);
  return ConnectPinned(endpoint.path,
                       endpoint.has_identity() ? &endpoint : nullptr);
}

std::string AdviceFor(const absl::Status& failure, const Endpoint& endpoint) {
  const bool device = endpoint.kind == EndpointKind::kDevice;
  switch (failure.code()) {
    case absl::StatusCode::kFailedPrecondition:
      return absl::StrCat("another process holds it: 'fuser -v ", endpoint.path,
                          "' names it; stop it, or leave this one out with "
                          "--channels");
    case absl::StatusCode::kPermissionDenied:
      if (!device) {
        return "give this daemon's user write permission on the socket and "
               "search permission on its directories (libvirt: the group of "
               "the QEMU process)";
      }
      return "run as root, or give the daemon's group the port by a udev rule: "
             "SUBSYSTEM==\"virtio-ports\", GROUP=\"...\", MODE=\"0660\"";
    case absl::StatusCode::kInvalidArgument:
      if (device || CheckLength(endpoint.path).ok()) {
        return "leave it out with --channels";
      }
      return absl::StrCat("give QEMU's chardev a path of at most ",
                          kMaxSocketPath, " bytes");
    case absl::StatusCode::kResourceExhausted:
      // Also what an old kernel says of a port that somebody holds.
      return absl::StrCat(
          "raise the limit of open files (ulimit -n, LimitNOFILE=)",
          device ? ", or stop what holds the port" : "");
    default:
      return "";
  }
}

}  // namespace vios
