// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_AWAIT_LOOK_UP_H_
#define VIOS_PROXY_PROXY_CTL_AWAIT_LOOK_UP_H_

#include <vector>

#include "absl/status/statusor.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/resolver.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

namespace vios {

// The addresses of `service`, for whoever has nothing else to do meanwhile and
// asks once. Blocks until `deadline` at the latest, or until the Cancel of
// `wakeup` fires: DEADLINE_EXCEEDED, CANCELLED. A look-up cannot be called off:
// its thread is then left behind, with copies of all that it uses.
absl::StatusOr<std::vector<SocketAddress>> AwaitLookUp(
    const ServiceAddress& service, Deadline deadline, Wakeup& wakeup,
    ServiceResolver::LookUp look_up = LookUpHost);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_AWAIT_LOOK_UP_H_
