// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LISTENER_H_
#define VIOS_PROXY_PROXY_LISTENER_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "channel/unique_fd.h"
#include "proxy/socket_address.h"

namespace vios {

// Opens a non-blocking listening socket; what is accepted from it is a prepared
// leg (tcp.h) already. For a unix address a stale socket file
// is replaced, a live one is an error, and `unix_mode` holds before the first
// client can connect. The message of an error is the diagnostic of the manual,
// "Proxy service bind: 127.0.0.1:5672: Address already in use". Does not block
// but for the file system.
absl::StatusOr<UniqueFd> OpenListener(const SocketAddress& address,
                                      mode_t unix_mode);

// The port that a TCP listener was given; 0 for a unix socket.
uint16_t PortOfListener(int fd);

// Removes the file of a unix listener at the end, unless it has become somebody
// else's meanwhile. Does nothing for TCP. Create it right behind the listener.
class UnixSocketGuard {
 public:
  explicit UnixSocketGuard(const SocketAddress& address);
  UnixSocketGuard(const UnixSocketGuard&) = delete;
  UnixSocketGuard& operator=(const UnixSocketGuard&) = delete;
  ~UnixSocketGuard();

 private:
  const std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;  // 0: there was no such file.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LISTENER_H_
