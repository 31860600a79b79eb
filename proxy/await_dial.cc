// SPDX-License-Identifier: Apache-2.0
#include "proxy/await_dial.h"

#include <poll.h>

#include <utility>

#include "channel/fd_io.h"
#include "proxy/tcp.h"

namespace vios {

absl::StatusOr<UniqueFd> AwaitDial(const SocketAddress& address,
                                   Deadline deadline, Wakeup& wakeup) {
  absl::StatusOr<Dial> dial = StartDial(address);
  if (!dial.ok()) return dial.status();
  if (dial->connected) return std::move(dial->fd);
  absl::Status status = WaitFor(dial->fd.get(), POLLOUT, deadline, wakeup);
  if (status.ok()) status = FinishDial(dial->fd.get());
  if (!status.ok()) return status;
  return std::move(dial->fd);
}

}  // namespace vios
