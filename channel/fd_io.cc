// SPDX-License-Identifier: Apache-2.0
#include "channel/fd_io.h"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "channel/errno_status.h"
#include "glog/logging.h"

namespace vios {
namespace {

// Rounded up, so that a wait never ends before its deadline only to spin.
int PollTimeout(Deadline deadline) {
  if (deadline.never()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline.RoughlyRemaining());
  return static_cast<int>(std::min<int64_t>(left.count(), INT_MAX));
}

// Whether poll refuses so many descriptors only because somebody has lowered
// the limit of open files below that number.
bool MoreThanTheLimit(size_t fds) {
  rlimit limit = {};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && fds > limit.rlim_cur;
}

// In place of a poll that the system has no room for. The one sleep that
// nothing wakes: there is nothing to wait on, and short as it is, it keeps the
// caller, who looks again, from spinning until there is room.
void NapInsteadOfPoll(int timeout_ms) {
  constexpr int kNapMs = 100;
  const int nap = timeout_ms < 0 ? kNapMs : std::min(timeout_ms, kNapMs);
  absl::SleepFor(absl::Milliseconds(nap));
}

absl::Status PollFailure(size_t fds, int timeout_ms) {
  const int error = errno;
  if (error == EINTR) return absl::OkStatus();  // The caller looks again.
  if (error == ENOMEM || error == EAGAIN ||
      (error == EINVAL && MoreThanTheLimit(fds))) {
    NapInsteadOfPoll(timeout_ms);
    return absl::OkStatus();
  }
  return absl::InternalError(absl::ErrnoToStatus(error, "poll()").message());
}

// One poll of `fds`, not restarted.
absl::Status PollOnce(absl::Span<pollfd> fds, int timeout_ms, int* ready) {
  *ready = ::poll(fds.data(), fds.size(), timeout_ms);
  if (*ready < 0 && errno == EINVAL && !MoreThanTheLimit(fds.size())) {
    // Unless it is a bug, the limit has been lifted this very moment.
    *ready = ::poll(fds.data(), fds.size(), timeout_ms);
  }
  if (*ready >= 0) return absl::OkStatus();
  *ready = 0;
  for (pollfd& polled : fds) polled.revents = 0;
  return PollFailure(fds.size(), timeout_ms);
}

}  // namespace

absl::Status WaitAny(absl::Span<pollfd> fds, Deadline deadline,
                     Wakeup& wakeup) {
  CHECK_LE(fds.size(), kMaxWaitFds);
  std::array<pollfd, kMaxWaitFds + 1> polled;
  polled[0] = {wakeup.fd(), POLLIN, 0};
  std::copy(fds.begin(), fds.end(), polled.begin() + 1);
  int ready = 0;
  const absl::Span<pollfd> all(polled.data(), fds.size() + 1);
  absl::Status status = PollOnce(all, PollTimeout(deadline), &ready);
  if (wakeup.cancelled()) return absl::CancelledError("stopped");
  if (!status.ok()) return status;
  if (polled[0].revents != 0) wakeup.Clear();
  for (size_t i = 0; i < fds.size(); ++i)
    fds[i].revents = polled[i + 1].revents;
  if (ready == 0 && deadline.passed()) {
    return absl::DeadlineExceededError("timed out");
  }
  return absl::OkStatus();
}

absl::Status WaitFor(int fd, short events, Deadline deadline, Wakeup& wakeup) {
  pollfd wanted = {fd, events, 0};
  while (true) {
    absl::Status status = WaitAny(absl::MakeSpan(&wanted, 1), deadline, wakeup);
    if (!status.ok() || wanted.revents != 0) return status;
  }
}

absl::Status WaitForRing(Deadline deadline, Wakeup& wakeup) {
  return WaitAny({}, deadline, wakeup);
}

short ReadyNow(int fd, short events) {
  pollfd wanted = {fd, events, 0};
  int ready = 0;
  (void)PollOnce(absl::MakeSpan(&wanted, 1), 0, &ready);
  return wanted.revents;
}

short ReadyBy(int fd, short events, Deadline deadline) {
  pollfd wanted = {fd, events, 0};
  absl::Status status;
  int ready = 0;
  do {
    status =
        PollOnce(absl::MakeSpan(&wanted, 1), PollTimeout(deadline), &ready);
  } while (status.ok() && ready == 0 && !deadline.passed());
  return wanted.revents;
}

bool StaysFull(int fd, Deadline deadline) {
  pollfd wanted = {fd, POLLOUT, 0};
  while (true) {
    const int ready = ::poll(&wanted, 1, PollTimeout(deadline));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return false;
    if (deadline.passed()) return true;
  }
}

bool AwaitTaken(int fd, Deadline deadline) {
  constexpr absl::Duration kLook = absl::Milliseconds(5);  // No event tells.
  while (true) {
    int left = 0;
    if (::ioctl(fd, SIOCOUTQ, &left) != 0 || left == 0) return true;
    if (deadline.passed()) return false;
    if (ReadyBy(fd, 0, Earlier(deadline, Deadline::After(kLook))) != 0) {
      return true;
    }
  }
}

bool HungUp(int fd) {
  const short ready = ReadyNow(fd, 0);
  if ((ready & (POLLERR | POLLNVAL)) != 0) return true;
  char byte;
  return (ready & POLLHUP) != 0 &&
         ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

absl::StatusOr<EdgeWatch> EdgeWatch::Create(int fd) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.ok()) return ErrnoStatus("epoll_create", "channel");
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return ErrnoStatus("epoll_ctl", "channel");
  }
  return EdgeWatch(std::move(epoll));
}

absl::Status EdgeWatch::Wait(Deadline deadline, Wakeup& wakeup) {
  pollfd changed = {epoll_.get(), POLLIN, 0};
  absl::Status status = WaitAny(absl::MakeSpan(&changed, 1), deadline, wakeup);
  epoll_event event;
  (void)::epoll_wait(epoll_.get(), &event, 1, 0);
  return status;
}

bool IsTransient(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace vios
