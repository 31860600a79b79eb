// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FD_IO_H_
#define VIOS_PROXY_CHANNEL_FD_IO_H_

#include <poll.h>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"

namespace vios {

// The only place that blocks on descriptors. All calls are thread-safe for
// different Wakeups.

// Waits until one of `fds` is ready or `wakeup` rings (both OK; `revents`
// tells, all zero after a ring alone). CANCELLED, whatever else is ready, once
// the wakeup's Cancel has fired; DEADLINE_EXCEEDED when nothing happened in
// time; INTERNAL "poll() ..." when poll fails as only a bug explains. An fd of
// -1 is left out. At most kMaxWaitFds.
inline constexpr size_t kMaxWaitFds = 8;
absl::Status WaitAny(absl::Span<pollfd> fds, Deadline deadline, Wakeup& wakeup);

// As WaitAny() for one descriptor, but OK only when it is ready: for `events`
// or with an error or hang-up, which the next call on it tells.
absl::Status WaitFor(int fd, short events, Deadline deadline, Wakeup& wakeup);

// Waits for the wakeup alone: OK after a ring.
absl::Status WaitForRing(Deadline deadline, Wakeup& wakeup);

// Which of `events`, POLLERR and POLLHUP hold now; 0 when none. Never blocks.
short ReadyNow(int fd, short events);

// Whether the errno of a read or write only says "try again after a wait".
bool IsTransient(int error);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FD_IO_H_
