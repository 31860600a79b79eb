// SPDX-License-Identifier: Apache-2.0
#include "channel/fd_io.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "glog/logging.h"

namespace vios {
namespace {

// Rounded up, so that a wait never ends before its deadline only to spin.
int PollTimeout(Deadline deadline) {
  if (deadline.never()) return -1;
  const absl::Duration left =
      absl::Ceil(deadline.remaining(), absl::Milliseconds(1));
  return static_cast<int>(
      std::min<int64_t>(absl::ToInt64Milliseconds(left), INT_MAX));
}

absl::Status PollFailure() {
  if (errno == EINTR || errno == ENOMEM || errno == EAGAIN) {
    return absl::OkStatus();  // Nothing is ready: the caller looks again.
  }
  const int error = errno;
  return absl::InternalError(
      absl::StrCat("poll() ", absl::ErrnoToStatus(error, "").message()));
}

// One poll of `fds`, not restarted.
absl::Status PollOnce(absl::Span<pollfd> fds, int timeout_ms, int* ready) {
  *ready = ::poll(fds.data(), fds.size(), timeout_ms);
  if (*ready >= 0) return absl::OkStatus();
  *ready = 0;
  for (pollfd& polled : fds) polled.revents = 0;
  return PollFailure();
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

bool IsTransient(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace vios
