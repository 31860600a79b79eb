// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SERVICE_HEADER_H_
#define VIOS_PROXY_PROXY_SERVICE_HEADER_H_

#include <optional>

#include "channel/deadline.h"
#include "channel/session_end.h"
#include "channel/wakeup.h"
#include "proxy/proxy_header.h"

namespace vios {

// Tells the service, on its connected socket, whose session it is; nothing for
// kOff. Returns how the session ends when it could not be: a reset that has
// still to be told to the guest. Blocks until `deadline`, or until the Cancel
// of `wakeup` fires.
std::optional<SessionEnd> SendProxyHeader(int service, ProxyProtocol version,
                                          const ProxyIdentity& identity,
                                          Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SERVICE_HEADER_H_
