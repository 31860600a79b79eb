// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/tcp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"

namespace vios::testing {
namespace {

absl::StatusOr<sockaddr_in> Address(const std::string& host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("not an IPv4 address: ", host));
  }
  return address;
}

// The errno of a failed call on a connection, by what it means to its user.
absl::Status ConnectionStatus(const char* operation) {
  const int error = errno;
  const std::string what =
      absl::StrCat(operation, ": ", absl::ErrnoToStatus(error, "").message());
  switch (error) {
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:  // What comes once another call was told of the reset.
      return absl::AbortedError(what);
    case ECONNREFUSED:
      return absl::UnavailableError(what);
    case EAGAIN:
    case EINPROGRESS:  // What a connect that timed out says.
    case ETIMEDOUT:
      return absl::DeadlineExceededError(what);
    default:
      return absl::ErrnoToStatus(error, operation);
  }
}

absl::Status SetOption(int socket, int level, int name, const void* value,
                       socklen_t size) {
  if (::setsockopt(socket, level, name, value, size) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("setsockopt", absl::StrCat(name));
}

absl::Status SetFlag(int socket, int level, int name) {
  const int on = 1;
  return SetOption(socket, level, name, &on, sizeof(on));
}

}  // namespace

absl::StatusOr<UniqueFd> ConnectTcp(const std::string& host, uint16_t port,
                                    absl::Duration no_progress,
                                    bool reset_on_close) {
  const absl::StatusOr<sockaddr_in> address = Address(host, port);
  if (!address.ok()) return address.status();
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.ok()) return ErrnoStatus("socket", host);
  absl::Status status = SetNoProgressTimeout(socket.get(), no_progress);
  if (status.ok() && reset_on_close) status = ResetOnClose(socket.get());
  if (!status.ok()) return status;
  // Interrupted when this process is stopped and goes on.
  if (TEMP_FAILURE_RETRY(::connect(socket.get(),
                                   reinterpret_cast<const sockaddr*>(&*address),
                                   sizeof(*address))) != 0) {
    return ConnectionStatus("connect");
  }
  status = SetFlag(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (!status.ok()) return status;
  return socket;
}

absl::StatusOr<UniqueFd> ListenTcp(const std::string& host, uint16_t port) {
  const absl::StatusOr<sockaddr_in> address = Address(host, port);
  if (!address.ok()) return address.status();
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.ok()) return ErrnoStatus("socket", host);
  const absl::Status status = SetFlag(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (!status.ok()) return status;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address),
             sizeof(*address)) != 0) {
    return ErrnoStatus("bind", absl::StrCat(host, ":", port));
  }
  if (::listen(socket.get(), SOMAXCONN) != 0) {
    return ErrnoStatus("listen", absl::StrCat(host, ":", port));
  }
  return socket;
}

UniqueFd AcceptNext(int listener) {
  return UniqueFd(static_cast<int>(
      TEMP_FAILURE_RETRY(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC))));
}

absl::StatusOr<uint16_t> LocalPort(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) !=
      0) {
    return ErrnoStatus("getsockname", "listener");
  }
  return ntohs(address.sin_port);
}

absl::Status SetNoProgressTimeout(int socket, absl::Duration no_progress) {
  const timeval limit = absl::ToTimeval(no_progress);
  const absl::Status status =
      SetOption(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (!status.ok()) return status;
  return SetOption(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

absl::Status ResetOnClose(int socket) {
  const linger at_once = {1, 0};
  return SetOption(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

absl::Status EndOnClose(int socket) {
  const linger later = {0, 0};
  return SetOption(socket, SOL_SOCKET, SO_LINGER, &later, sizeof(later));
}

absl::Status ShutdownWrite(int socket) {
  if (::shutdown(socket, SHUT_WR) == 0) return absl::OkStatus();
  return ConnectionStatus("shutdown");
}

absl::StatusOr<size_t> ReadSome(int socket, absl::Span<uint8_t> buffer) {
  while (true) {
    const ssize_t n = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR) return ConnectionStatus("read");
  }
}

absl::Status WriteAll(int socket, absl::Span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      return ConnectionStatus("write");
    }
  }
  return absl::OkStatus();
}

absl::Status WriteText(int socket, const std::string& text) {
  return WriteAll(socket,
                  {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace vios::testing
