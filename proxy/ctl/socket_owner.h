// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_SOCKET_OWNER_H_
#define VIOS_PROXY_PROXY_CTL_SOCKET_OWNER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"
#include "proxy/socket_address.h"

namespace vios {

// Whoever listens on `address` (of an IP address only the port is looked at);
// of several a process of `program`: a listener of systemd's is open there,
// too. An empty program when that cannot be seen, nothing when nobody listens.
std::optional<Process> OwnerOfListener(const Machine& machine,
                                       const ProcessList& processes,
                                       const SocketAddress& address,
                                       absl::string_view program);

// The same for an address as --http_address has it. Nothing, too, when that is
// none, when its owner cannot be seen, and when several processes of `program`
// listen on such a port.
std::optional<Process> OwnerOfServer(const Machine& machine,
                                     const ProcessList& processes,
                                     const std::string& http_address,
                                     absl::string_view program);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_SOCKET_OWNER_H_
