// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FD_IO_H_
#define VIOS_PROXY_CHANNEL_FD_IO_H_

#include <poll.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios {

// The only place that blocks on descriptors. All calls are thread-safe for
// different Wakeups.

// Waits until one of `fds` is ready or `wakeup` rings (both OK; `revents`
// tells, all zero after a ring alone). CANCELLED, whatever else is ready, once
// the wakeup's Cancel has fired; DEADLINE_EXCEEDED when nothing happened in
// time; INTERNAL "poll() ..." when poll fails as only a bug explains. Without
// memory, or with the limit of open files below what is waited for, it looks
// away for at most 100 ms, rings and Cancel included, and then is as a wait in
// which nothing came. An fd of -1 is left out. At most kMaxWaitFds.
inline constexpr size_t kMaxWaitFds = 8;
absl::Status WaitAny(absl::Span<pollfd> fds, Deadline deadline, Wakeup& wakeup);

// As WaitAny() for one descriptor, but OK only when it is ready: for `events`
// or with an error or hang-up, which the next call on it tells.
absl::Status WaitFor(int fd, short events, Deadline deadline, Wakeup& wakeup);

// Waits for the wakeup alone: OK after a ring.
absl::Status WaitForRing(Deadline deadline, Wakeup& wakeup);

// Which of `events`, POLLERR and POLLHUP hold now; 0 when none. Never blocks.
short ReadyNow(int fd, short events);

// Three waits without a Wakeup, for those who have none, or whose Cancel has
// fired already: no ring ends them, and no Cancel. In a daemon their deadlines
// are a second away at most.

// As ReadyNow(), but waits for it until `deadline`.
short ReadyBy(int fd, short events, Deadline deadline);

// Whether a write to `fd` would block until `deadline`; waits as long. False
// also where poll does not work: what a daemon then says is worth the risk.
bool StaysFull(int fd, Deadline deadline);

// Waits until the far end of the unix socket `fd` has read all that was written
// to it, or has left; false when the deadline came first.
bool AwaitTaken(int fd, Deadline deadline);

// Whether the far end of a stream socket was reset or is gone. One that has
// only ended its stream may still wait for an answer, and a unix client that is
// gone may have left bytes behind: neither has hung up. Never blocks.
bool HungUp(int fd);

// Wakes on changes of one descriptor instead of on its state, for states that
// last: the hang-up of a device whose far end nobody has open. One thread's.
class EdgeWatch {
 public:
  // `fd` stays open while the watch lives. Fails when descriptors ran out.
  static absl::StatusOr<EdgeWatch> Create(int fd);
  // OK after a change since Create() or the last Wait(), and after a ring; the
  // first call may return at once. Else as WaitAny().
  absl::Status Wait(Deadline deadline, Wakeup& wakeup);

 private:
  explicit EdgeWatch(UniqueFd epoll) : epoll_(std::move(epoll)) {}
  UniqueFd epoll_;
};

// Whether the errno of a read or write only says "try again after a wait".
bool IsTransient(int error);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FD_IO_H_
