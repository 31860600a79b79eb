// SPDX-License-Identifier: Apache-2.0
#include "proxy/own_sockets.h"

#include <sys/stat.h>

namespace vios {

void LeaveOutOwnSockets(
    std::initializer_list<std::optional<SocketAddress>> addresses,
    Listing& listing) {
  for (const auto& address : addresses) {
    struct stat own = {};
    if (!address || !address->is_unix() ||
        ::stat(address->path().c_str(), &own) != 0) {
      continue;
    }
    std::erase_if(listing.endpoints, [&](const Endpoint& endpoint) {
      const bool ours =
          endpoint.dev == own.st_dev && endpoint.ino == own.st_ino;
      if (ours) listing.ignored.push_back({endpoint.path, "our own socket"});
      return ours;
    });
  }
}

}  // namespace vios
