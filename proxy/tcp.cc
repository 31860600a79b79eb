// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/fd_io.h"

namespace vios {
namespace {

bool IsUnixSocket(int fd) {
  int domain = 0;
  socklen_t size = sizeof(domain);
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
         domain == AF_UNIX;
}

absl::Status SetFlag(int fd, int level, int option, const char* name) {
  const int on = 1;
  if (::setsockopt(fd, level, option, &on, sizeof(on)) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("setsockopt", name);
}

absl::Status SetLinger(int fd, const linger& value) {
  if (::setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof(value)) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("setsockopt", "SO_LINGER");
}

// Where they were sent, among the others: else the kernel takes them out.
absl::Status KeepUrgentBytes(int fd) {
  return SetFlag(fd, SOL_SOCKET, SO_OOBINLINE, "SO_OOBINLINE");
}

// A dial to a port of this machine on which nobody listens may be given that
// very port as its own, and then connects to itself.
bool ConnectedToItself(int fd) {
  const auto near = NearAddress(fd);
  const auto far = FarAddress(fd);
  return near.has_value() && far.has_value() && !near->is_unix() &&
         *near == *far;
}

// What getsockname() or getpeername() says.
template <typename Call>
std::optional<SocketAddress> AddressBy(Call call, int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  auto* addr = reinterpret_cast<sockaddr*>(&address);
  if (call(fd, addr, &size) != 0) return std::nullopt;
  return SocketAddress(addr, size);
}

absl::Status DialFailure(int error, const std::string& address) {
  if (error == EAGAIN) {  // TCP has no such answer.
    return absl::AbortedError(absl::StrCat(
        "connect ", address, ": the backlog of the service is full"));
  }
  return ErrnoStatus("connect", address, error);
}

}  // namespace

absl::Status PrepareLeg(int fd) {
  if (IsUnixSocket(fd)) return KeepUrgentBytes(fd);
  // First, for the kernel acts on it should we be killed before the rest.
  absl::Status status = SetLinger(fd, {.l_onoff = 1, .l_linger = 0});
  status.Update(KeepUrgentBytes(fd));
  status.Update(SetFlag(fd, IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY"));
  status.Update(SetFlag(fd, SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE"));
  return status;
}

absl::Status EndCleanly(int fd) {
  return SetLinger(fd, {.l_onoff = 0, .l_linger = 0});
}

void AbortLeg(int fd) {
  // Dissolving the association is the one call that resets without closing.
  const sockaddr nobody = {.sa_family = AF_UNSPEC, .sa_data = {}};
  if (!IsUnixSocket(fd)) {
    (void)::connect(fd, &nobody, sizeof(nobody));
  } else {
    (void)::shutdown(fd, SHUT_RDWR);
  }
}

absl::StatusOr<Dial> StartDial(const SocketAddress& address) {
  const std::string name = address.ToString();  // Now: it may change errno.
  UniqueFd fd(::socket(address.family(),
                       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.ok()) return ErrnoStatus("socket", name);
  absl::Status prepared = PrepareLeg(fd.get());
  if (!prepared.ok()) return prepared;
  const bool connected =
      ::connect(fd.get(), address.addr(), address.size()) == 0;
  if (!connected && errno != EINPROGRESS && errno != EINTR) {
    return DialFailure(errno, name);
  }
  if (connected && ConnectedToItself(fd.get())) {
    return DialFailure(ECONNREFUSED, name);
  }
  return Dial{std::move(fd), connected};
}

int TakeSocketError(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

bool WasResetUntold(int fd) {
  tcp_info info = {};
  socklen_t size = sizeof(info.tcpi_state);  // It comes first.
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return false;  // A unix socket.
  }
  // A reset behind a true end of file leaves EPIPE, which is not ours to take.
  return info.tcpi_state == TCP_CLOSE && (ReadyNow(fd, 0) & POLLERR) == 0;
}

absl::Status FinishDial(int fd) {
  int error = TakeSocketError(fd);
  if (error == 0 && ConnectedToItself(fd)) error = ECONNREFUSED;
  if (error == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(error, "connect");
}

std::optional<SocketAddress> NearAddress(int fd) {
  return AddressBy(&::getsockname, fd);
}

std::optional<SocketAddress> FarAddress(int fd) {
  return AddressBy(&::getpeername, fd);
}

}  // namespace vios
