// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_OWN_SOCKETS_H_
#define VIOS_PROXY_PROXY_OWN_SOCKETS_H_

#include <initializer_list>
#include <optional>

#include "channel/listing.h"
#include "proxy/socket_address.h"

namespace vios {

// Takes out of `listing` the unix sockets that the daemon has for other ends,
// and that may lie beside its channels: whatever is at the paths of these
// addresses now, as far as they have one. Blocks as the file system does.
void LeaveOutOwnSockets(
    std::initializer_list<std::optional<SocketAddress>> addresses,
    Listing& listing);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_OWN_SOCKETS_H_
