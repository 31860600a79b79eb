// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_SOCKET_LIST_H_
#define VIOS_PROXY_PROXY_CTL_SOCKET_LIST_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proxy/ctl/machine.h"

namespace vios {

// The sockets of this network namespace, from /proc/net. Values; what cannot be
// read is not there.

// A unix socket that has a path: the one that listens, and the server's ends of
// its connections.
struct UnixSocket {
  enum class Kind { kListening, kAccepted, kOther };
  Kind kind = Kind::kOther;
  uint64_t inode = 0;  // 0 for what is connected and not accepted yet.
  std::string path;
};
std::vector<UnixSocket> UnixSockets(const Machine& machine);

// A TCP socket that listens.
struct TcpListener {
  uint16_t port = 0;
  uint64_t inode = 0;
};
std::vector<TcpListener> TcpListeners(const Machine& machine);

// Of each connected unix socket the inode of its far end. Asks the kernel of
// this machine; never blocks. Fails where the kernel does not tell.
using UnixPeers = std::map<uint64_t, uint64_t>;
absl::StatusOr<UnixPeers> ReadUnixPeers();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_SOCKET_LIST_H_
