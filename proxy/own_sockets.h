// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_OWN_SOCKETS_H_
#define VIOS_PROXY_PROXY_OWN_SOCKETS_H_

#include <initializer_list>
#include <string>

#include "channel/listing.h"

namespace vios {

// Takes out of `listing` the unix sockets that the daemon has for other ends,
// and that may lie beside its channels: whatever is at these addresses now.
// Each is as a flag has it, "unix:/path"; any other names no file. Blocks as
// the file system does.
void LeaveOutOwnSockets(std::initializer_list<std::string> addresses,
                        Listing& listing);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_OWN_SOCKETS_H_
