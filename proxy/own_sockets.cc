// SPDX-License-Identifier: Apache-2.0
#include "proxy/own_sockets.h"

#include <sys/stat.h>

#include "proxy/socket_address.h"

namespace vios {

void LeaveOutOwnSockets(std::initializer_list<std::string> addresses,
                        Listing& listing) {
  for (const std::string& text : addresses) {
    struct stat own = {};
    const auto address = ParseSocketAddress(text, 0);
    if (!address.ok() || !address->is_unix() ||
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
