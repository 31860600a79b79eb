// SPDX-License-Identifier: Apache-2.0
#include "proxy/supervisor.h"

#include <poll.h>

#include "absl/memory/memory.h"
#include "absl/types/span.h"
#include "channel/fd_io.h"
#include "proxy/thread.h"

namespace vios {
namespace {

constexpr absl::Duration kGap = absl::Milliseconds(10);

}  // namespace

absl::StatusOr<std::unique_ptr<Supervisor>> Supervisor::Start(
    absl::Duration interval, DirectoryWatch* watch, std::function<void()> look,
    OnFailure on_failure) {
  auto supervisor = absl::WrapUnique(
      new Supervisor(interval, watch, std::move(look), std::move(on_failure)));
  absl::StatusOr<std::unique_ptr<Wakeup>> wakeup =
      Wakeup::Create(supervisor->stop_);
  if (!wakeup.ok()) return wakeup.status();
  supervisor->wakeup_ = *std::move(wakeup);
  absl::StatusOr<std::thread> thread =
      StartThread("supervisor", [raw = supervisor.get()] { raw->Run(); });
  if (!thread.ok()) return thread.status();
  supervisor->thread_ = *std::move(thread);
  return supervisor;
}

Supervisor::~Supervisor() {
  stop_.Fire();
  if (thread_.joinable()) thread_.join();
}

void Supervisor::Run() {
  absl::Status status;
  while (status.ok()) status = LookAndWait();
  if (!absl::IsCancelled(status)) on_failure_(status);
}

absl::Status Supervisor::LookAndWait() {
  if (stop_.fired()) return absl::CancelledError("stopped");
  // Before the look: what changes from here on rings again.
  if (watch_ != nullptr) watch_->Drain();
  look_();
  const Deadline next = Deadline::After(kGap);
  absl::Status waited = AwaitChange();
  return waited.ok() ? Pause(next) : waited;
}

// OK after a change or the interval.
absl::Status Supervisor::AwaitChange() {
  pollfd changes = {watch_ == nullptr ? -1 : watch_->fd(), POLLIN, 0};
  absl::Status waited = WaitAny(absl::MakeSpan(&changes, 1),
                                Deadline::AfterUnlessZero(interval_), *wakeup_);
  return absl::IsDeadlineExceeded(waited) ? absl::OkStatus() : waited;
}

// OK at `until`, whatever rings before.
absl::Status Supervisor::Pause(Deadline until) {
  absl::Status waited;
  while (waited.ok()) waited = WaitForRing(until, *wakeup_);
  return absl::IsDeadlineExceeded(waited) ? absl::OkStatus() : waited;
}

}  // namespace vios
