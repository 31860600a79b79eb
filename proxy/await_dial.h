// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_AWAIT_DIAL_H_
#define VIOS_PROXY_PROXY_AWAIT_DIAL_H_

#include "absl/status/statusor.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "proxy/socket_address.h"

namespace vios {

// Connects to `address`, for whoever has nothing else to do meanwhile: a
// prepared, non-blocking leg (tcp.h), or the status of the dial or, CANCELLED
// or DEADLINE_EXCEEDED, of the wait for it.
absl::StatusOr<UniqueFd> AwaitDial(const SocketAddress& address,
                                   Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_AWAIT_DIAL_H_
