// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_worker.h"

#include <chrono>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "channel/fd_io.h"
#include "proxy/channel_fields.h"
#include "proxy/log.h"
#include "proxy/thread.h"

namespace vios {
namespace {

// What served for so long had not failed to open, and its end is news again.
constexpr std::chrono::seconds kAWhile(5);

}  // namespace

absl::StatusOr<std::unique_ptr<ChannelWorker>> ChannelWorker::Start(
    const Endpoint& endpoint, ChannelRole& role, Cancel& cut) {
  auto worker = absl::WrapUnique(new ChannelWorker(endpoint, role, cut));
  auto wakeup = Wakeup::Create(worker->stop_);
  if (!wakeup.ok()) return wakeup.status();
  worker->wakeup_ = *std::move(wakeup);
  worker->context_.reset(new WorkerContext{worker->endpoint_, *worker->wakeup_,
                                           *worker->stats_, worker->stop_,
                                           cut});
  worker->on_drain_ = std::make_unique<Cancel::Listener>(
      role.drain(), [raw = worker->wakeup_.get()] { raw->Ring(); });
  auto thread = StartThread(absl::StrCat("up:", endpoint.name),
                            [raw = worker.get()] { raw->Run(); });
  if (!thread.ok()) return thread.status();
  worker->thread_ = *std::move(thread);
  return worker;
}

ChannelWorker::ChannelWorker(const Endpoint& endpoint, ChannelRole& role,
                             Cancel& cut)
    : endpoint_(endpoint),
      role_(role),
      stats_(role.metrics().AddChannel(endpoint.guest, endpoint.name)),
      stop_(cut) {}

ChannelWorker::~ChannelWorker() {
  Stop();
  if (thread_.joinable()) thread_.join();
  role_.metrics().RemoveChannel(stats_);
}

void ChannelWorker::Run() {
  Backoff backoff(role_.reconnect_interval());
  while (!over()) {
    Pause(role_.ReserveOpening(endpoint_));
    if (over()) break;
    const absl::Status status = OpenAndServe(backoff);
    if (absl::IsInternal(status)) FatalExit(status.message());
    if (absl::IsCancelled(status)) break;
    Pause(Deadline::After(backoff.Next()));
  }
  finished_ = true;
}

absl::Status ChannelWorker::OpenAndServe(Backoff& backoff) {
  absl::StatusOr<UniqueFd> fd = Open(endpoint_);
  LogOpened(fd.status());
  if (!fd.ok()) stats_->Failed(fd.status().message());
  if (!fd.ok()) return fd.status();
  const Clock::time_point begun = Clock::now();
  const absl::Status ended = role_.Serve(*std::move(fd), *context_);
  if (Clock::now() - begun > kAWhile) {
    backoff.Reset();
    // But for a guest that has been silent all the while, maybe for ever.
    if (!absl::IsAborted(ended)) how_it_ended_.AllIsWell();
  }
  stats_->Enter(ChannelState::kDown);
  if (!over()) stats_->Failed(ended.message());
  if (!over() && how_it_ended_.ShouldTell(ended.message())) {
    VIOS_LOG(kInfo).With(ChannelFields(endpoint_))
        << "channel " << endpoint_.path
        << " ended, will be opened again: " << ended.message();
  }
  return ended;
}

void ChannelWorker::LogOpened(const absl::Status& status) {
  if (!open_failure_.ShouldTell(status.message())) return;
  if (status.ok()) {
    VIOS_LOG(kInfo).With(ChannelFields(endpoint_))
        << "channel " << endpoint_.path << " is open now";
    return;
  }
  const std::string advice = AdviceFor(status, endpoint_);
  VIOS_LOG(kWarn).With(ChannelFields(endpoint_))
      << "cannot open channel " << endpoint_.path << ": " << status.message()
      << (advice.empty() ? "" : "; ") << advice << "; will be tried again";
}

void ChannelWorker::Pause(Deadline until) {
  while (!over() && !until.passed()) {
    (void)WaitForRing(until, *wakeup_);
  }
}

}  // namespace vios
