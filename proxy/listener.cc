// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "channel/errno_status.h"
#include "channel/non_blocking.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

constexpr absl::string_view kBind = "Proxy service bind:";

// Only a connection tells a live socket from what a dead process left behind.
bool NobodyListens(const SocketAddress& address) {
  const UniqueFd probe(
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return probe.ok() &&
         ::connect(probe.get(), address.addr(), address.size()) != 0 &&
         errno == ECONNREFUSED;
}

// Anything but a stale socket is left for bind() to complain about.
void RemoveStaleSocket(const SocketAddress& address) {
  struct stat file = {};
  const std::string path = address.path();
  if (::lstat(path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return;
  if (NobodyListens(address)) (void)::unlink(path.c_str());
}

// The name is made before the calls: to make it may change errno.
absl::Status BindUnix(int fd, const SocketAddress& address, mode_t mode) {
  const std::string name = address.ToString(), path = address.path();
  RemoveStaleSocket(address);
  if (::bind(fd, address.addr(), address.size()) != 0) {
    return ErrnoStatus(kBind, name);
  }
  if (::chmod(path.c_str(), mode) == 0) return absl::OkStatus();
  absl::Status failed = ErrnoStatus(kBind, name);
  (void)::unlink(path.c_str());
  return failed;
}

absl::Status BindIp(int fd, const SocketAddress& address) {
  const std::string name = address.ToString();
  const int on = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      ::bind(fd, address.addr(), address.size()) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus(kBind, name);
}

}  // namespace

absl::StatusOr<UniqueFd> OpenListener(const SocketAddress& address,
                                      mode_t unix_mode) {
  const std::string name = address.ToString();
  UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.ok()) return ErrnoStatus("Failed to create proxy service:", name);
  absl::Status status = MakeNonBlocking(fd.get(), kProxyServiceWording, name);
  if (!status.ok()) return status;
  status = address.is_unix() ? BindUnix(fd.get(), address, unix_mode)
                             : BindIp(fd.get(), address);
  if (!status.ok()) return status;
  // What is accepted inherits it, so that no moment is left in which a client
  // of a killed daemon would see an end of file.
  if (status = PrepareLeg(fd.get()); !status.ok()) return status;
  if (::listen(fd.get(), SOMAXCONN) == 0) return fd;
  return ErrnoStatus("Proxy service listen:", name);
}

uint16_t PortOfListener(int fd) {
  const auto address = NearAddress(fd);
  return address.has_value() ? address->port() : 0;
}

UnixSocketGuard::UnixSocketGuard(const SocketAddress& address)
    : path_(address.path()) {
  struct stat file = {};
  if (path_.empty() || ::lstat(path_.c_str(), &file) != 0) return;
  device_ = file.st_dev;
  inode_ = file.st_ino;
}

UnixSocketGuard::~UnixSocketGuard() {
  struct stat file = {};
  if (inode_ == 0 || ::lstat(path_.c_str(), &file) != 0) return;
  if (file.st_dev != device_ || file.st_ino != inode_) return;
  (void)::unlink(path_.c_str());
}

}  // namespace vios
