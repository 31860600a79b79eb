// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/our_end.h"

#include <memory>
#include <utility>
#include <variant>

#include "channel/cancel.h"
#include "channel/probe.h"
#include "glog/logging.h"
#include "proxy/pump_thread.h"
#include "proxy/relay.h"
#include "testing/fuzz/sockets.h"

namespace vios::fuzz {
namespace {

// No clock may decide anything.
constexpr RelayLimits kNoLimits = {.half_close_timeout = absl::ZeroDuration(),
                                   .ping_interval = absl::ZeroDuration()};

// Sockets lose no wake-up, so that a second look must never be needed.
constexpr RetryIntervals kNoRetry = {.in_session = absl::Hours(1),
                                     .idle = absl::Hours(1)};

// Made once: a thread for each input would cost more than the input.
struct Threads {
  Cancel never;
  std::unique_ptr<PumpThread> worker = *PumpThread::Start("worker", never);
  std::unique_ptr<PumpThread> down = *PumpThread::Start("down", never);
};

Threads& SharedThreads() {
  static auto* const threads = new Threads;
  return *threads;
}

}  // namespace

OurEnd::OurEnd(Role role, bool options, UniqueFd channel, size_t max_sessions) {
  auto fd = std::make_shared<UniqueFd>(std::move(channel));
  SharedThreads().worker->Begin([this, role, options, fd, max_sessions] {
    Run(role, options, std::move(*fd), max_sessions);
  });
}

OurEnd::~OurEnd() { (void)Join(); }

std::vector<SessionEnd> OurEnd::Join() {
  if (!std::exchange(joined_, true)) SharedThreads().worker->Join();
  absl::MutexLock lock(&mu_);
  return ends_;
}

UniqueFd OurEnd::TakeApp() {
  absl::MutexLock lock(&mu_);
  if (apps_taken_ == apps_.size()) return UniqueFd();
  return std::move(apps_[apps_taken_++]);
}

UniqueFd OurEnd::NewLeg() {
  Sockets tcp = NewTcp();
  absl::MutexLock lock(&mu_);
  apps_.push_back(std::move(tcp.theirs));
  return std::move(tcp.ours);
}

void OurEnd::Ended(SessionEnd end) {
  absl::MutexLock lock(&mu_);
  ends_.push_back(std::move(end));
}

void OurEnd::Run(Role role, bool options, UniqueFd fd, size_t max_sessions) {
  Channel channel(std::move(fd), role, options, kNoRetry);
  if (role == Role::kHost) {
    RunHost(channel);
  } else {
    RunGuest(channel, max_sessions);
  }
}

void OurEnd::RunHost(Channel& channel) {
  Wakeup& wakeup = SharedThreads().worker->wakeup();
  while (true) {
    const auto syn = AwaitSyn(channel, Deadline::Never(), wakeup);
    if (!syn.ok()) return;
    if (!syn->has_value()) continue;  // A session left a ring behind.
    const UniqueFd leg = NewLeg();
    const auto id = AcceptSession(channel, **syn, Deadline::Never(), wakeup);
    const auto* end = std::get_if<SessionEnd>(&id);
    Ended(end != nullptr ? *end
                         : Serve(channel, std::get<SessionId>(id), leg.get()));
  }
}

void OurEnd::RunGuest(Channel& channel, size_t max_sessions) {
  Wakeup& wakeup = SharedThreads().worker->wakeup();
  channel.writer().AddPreamble();
  if (channel.options_enabled()) (void)QueuePing(channel);
  for (size_t i = 0; i < max_sessions; ++i) {
    const UniqueFd leg = NewLeg();
    const auto id = OpenSession(channel, RandomToken(), "", leg.get(),
                                Deadline::Never(), wakeup);
    const auto* end = std::get_if<SessionEnd>(&id);
    const SessionEnd how =
        end != nullptr ? *end
                       : Serve(channel, std::get<SessionId>(id), leg.get());
    Ended(how);
    if (how.kind == SessionEnd::Kind::kChannelLost) return;
  }
  // As a worker without a client does.
  const auto any = [](const FrameHeader&) { return true; };
  while (true) {
    const auto frame = channel.Await(any, nullptr, channel.retry().idle,
                                     Deadline::Never(), wakeup);
    if (!frame.ok()) return;
    if (frame->has_value()) channel.AnswerStray(**frame);
  }
}

SessionEnd OurEnd::Serve(Channel& channel, const SessionId& id, int leg) {
  Threads& threads = SharedThreads();
  return Relay(channel, id, leg, kNoLimits, threads.worker->wakeup(),
               *threads.down)
      .end;
}

}  // namespace vios::fuzz
