// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_clocks.h"

namespace vios {
namespace {

constexpr absl::Duration kTurnOfBothPumps = absl::Milliseconds(100);

// `start` is a rough time: what it is behind is not taken from `duration`.
Deadline After(Clock::time_point start, absl::Duration duration) {
  if (duration == absl::ZeroDuration()) return Deadline::Never();
  return Deadline::At(start + kRoughLag + absl::ToChronoNanoseconds(duration));
}

// Keeps in `next` what is due, or else what will be first.
void Consider(SessionClocks::Due what, Deadline when,
              SessionClocks::Event& next) {
  if (next.what != SessionClocks::Due::kNothing) return;
  next.when = Earlier(next.when, when);
  if (when.passed()) next.what = what;
}

}  // namespace

SessionClocks::Event SessionClocks::Next(Waiting waiting) {
  Event next = {Due::kNothing, Deadline::Never()};
  Consider(Due::kIdleTimeout, QuietEnd(limits_.idle_timeout), next);
  // Bytes that the channel does not take are no sign of a forgotten connection,
  // but of a peer that is paused or slow: one that is forgotten over there runs
  // into the same time-out there.
  if (session_.half_closed() && !waiting.data) {
    Consider(Due::kHalfCloseTimeout, QuietEnd(limits_.half_close_timeout),
             next);
  }
  // A PING would be due until what is in front of it has gone.
  if (session_.id().options && !waiting.frame) {
    Consider(Due::kPing, After(last_sent_, limits_.ping_interval), next);
  }
  return next;
}

// After a standstill, of a container that was frozen say, the bytes that
// restart the clock may be there and not have been read yet.
Deadline SessionClocks::QuietEnd(absl::Duration limit) {
  const Clock::time_point since = session_.touched();
  const Deadline end = After(since, limit);
  if (!end.passed()) return end;
  if (doubted_ != since) {
    doubted_ = since;
    doubt_ends_ = Deadline::After(kTurnOfBothPumps);
  }
  return doubt_ends_;
}

}  // namespace vios
