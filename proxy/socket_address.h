// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SOCKET_ADDRESS_H_
#define VIOS_PROXY_PROXY_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios {

// Where a socket listens or connects to: IPv4, IPv6 or a unix path. A value.
class SocketAddress {
 public:
  // Copies `size` bytes, at most sizeof(sockaddr_storage), as the system calls
  // fill them in.
  SocketAddress(const sockaddr* address, socklen_t size);
  static SocketAddress Loopback(uint16_t port);  // 127.0.0.1

  int family() const { return storage_.ss_family; }
  bool is_unix() const { return family() == AF_UNIX; }
  const sockaddr* addr() const {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  socklen_t size() const { return size_; }

  // Of an IP address; 0 for a unix socket.
  uint16_t port() const;
  // 4 or 16, as on the wire; none of a unix socket. As long as this lives.
  absl::string_view ip_bytes() const;
  // Of a unix socket; empty for an IP address and an unnamed socket.
  std::string path() const;
  // As ParseSocketAddress() takes it: "127.0.0.1", "::1", "unix:/run/x.sock".
  std::string HostToString() const;
  // "127.0.0.1:5672", "[::1]:5672" or "unix:/run/x.sock".
  std::string ToString() const;

  friend bool operator==(const SocketAddress& a, const SocketAddress& b);

 private:
  sockaddr_storage storage_ = {};
  socklen_t size_ = 0;
};

// Parses an IPv4 or IPv6 literal ("127.0.0.1", "::1", "[::1]") or an absolute
// "unix:/path", for which `port` is not used. Never resolves names.
// INVALID_ARGUMENT with what is wrong, and what is allowed instead.
absl::StatusOr<SocketAddress> ParseSocketAddress(absl::string_view address,
                                                 uint16_t port);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SOCKET_ADDRESS_H_
