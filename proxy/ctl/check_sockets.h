// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_SOCKETS_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_SOCKETS_H_

#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Whether the host daemon gets at the guests' sockets. All of these only look.

// Whether the directory, and those of the guests in it, can be listed.
Verdict CheckGuestDirectory(const HostFacts& facts);
// Whether there are sockets of ours in it.
Verdict CheckSockets(const HostFacts& facts);
// Whether their paths fit into a socket's address.
Verdict CheckSocketPaths(const HostFacts& facts);
// Whether the daemon's user may connect to them.
Verdict CheckSocketPermission(const HostFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_SOCKETS_H_
