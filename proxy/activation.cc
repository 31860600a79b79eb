// SPDX-License-Identifier: Apache-2.0
#include "proxy/activation.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "channel/errno_status.h"
#include "channel/non_blocking.h"
#include "proxy/environment.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

absl::Status Wrong(absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(
      "Socket activation: ", what, "; wanted is one listening stream socket"));
}

// -1 when `fd` is no socket.
int SocketOption(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  if (::getsockopt(fd, SOL_SOCKET, option, &value, &size) != 0) return -1;
  return value;
}

absl::Status CheckListener(int fd) {
  const int type = SocketOption(fd, SO_TYPE);
  if (type < 0) return Wrong(absl::StrCat("descriptor ", fd, " is no socket"));
  const int domain = SocketOption(fd, SO_DOMAIN);
  if (type != SOCK_STREAM ||
      (domain != AF_INET && domain != AF_INET6 && domain != AF_UNIX)) {
    return Wrong("the socket is neither a TCP nor a unix stream socket");
  }
  if (SocketOption(fd, SO_ACCEPTCONN) != 1) {
    return Wrong("the socket does not listen (Accept=yes hands over another)");
  }
  const auto address = NearAddress(fd);
  if (address.has_value() && address->is_unix() && address->path().empty()) {
    return Wrong("the unix socket has no path");
  }
  // Later on it is named by its path, from whatever directory.
  if (address.has_value() &&
      !ParseSocketAddress(address->HostToString(), address->port()).ok()) {
    return Wrong("the path of the unix socket is not absolute");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<UniqueFd>> TakeActivationListener(int first) {
  const std::string process = TakeFromEnvironment("LISTEN_PID");
  const std::string count = TakeFromEnvironment("LISTEN_FDS");
  (void)TakeFromEnvironment("LISTEN_FDNAMES");
  if (process != absl::StrCat(::getpid()) || count.empty() || count == "0") {
    return std::nullopt;
  }
  if (count != "1") return Wrong(absl::StrCat("LISTEN_FDS=", count));
  absl::Status status = CheckListener(first);
  if (!status.ok()) return status;
  UniqueFd listener(first);
  if (::fcntl(first, F_SETFD, FD_CLOEXEC) != 0) {
    return ErrnoStatus("fcntl(F_SETFD)", "activation socket");
  }
  status = MakeNonBlocking(first, kProxyServiceWording, "activation socket");
  status.Update(PrepareLeg(first));
  if (!status.ok()) return status;
  return std::optional<UniqueFd>(std::move(listener));
}

}  // namespace vios
