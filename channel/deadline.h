// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_DEADLINE_H_
#define VIOS_PROXY_CHANNEL_DEADLINE_H_

#include <time.h>

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace vios {

// The clock of every time-out: monotonic, for the wall clock jumps (a guest's
// does after each pause and migration) and absl::Time follows it.
using Clock = std::chrono::steady_clock;

// The same clock as of a recent tick of the kernel: never ahead of it, and as a
// rule less than two ticks behind (kRoughLag, at 100 ticks a second), but
// longer while the processor that keeps the time is held up. Reading it costs
// nothing, where the exact time may cost a system call and an access to a
// device, as in a guest whose clock is the HPET: so this is the one to read for
// each message that is relayed.
inline constexpr Clock::duration kRoughLag = std::chrono::milliseconds(20);
inline Clock::time_point RoughNow() {
  timespec now = {};
  (void)::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);  // Cannot fail.
  return Clock::time_point(std::chrono::seconds(now.tv_sec) +
                           std::chrono::nanoseconds(now.tv_nsec));
}

// A moment on the monotonic clock until which something may take, or never.
// A value; copies are independent.
class Deadline {
 public:
  static Deadline Never() { return Deadline(Clock::time_point::max()); }
  // The machine's start.
  static Deadline Passed() { return Deadline(Clock::time_point()); }
  static Deadline At(Clock::time_point when) { return Deadline(when); }
  // A duration of a century or more is Never(); a negative one is past.
  static Deadline After(absl::Duration duration) {
    return From(Clock::now(), duration);
  }
  // As After(), but earlier by as much as RoughNow() is behind: for what only
  // has to end some time.
  static Deadline RoughlyAfter(absl::Duration duration) {
    return From(RoughNow(), duration);
  }
  // As After(), but 0 means that there is no limit, as in the flags.
  static Deadline AfterUnlessZero(absl::Duration duration) {
    return duration == absl::ZeroDuration() ? Never() : After(duration);
  }

  bool never() const { return when_ == Clock::time_point::max(); }
  // Exact unless the rough time is further behind than kClose.
  bool passed() const {
    if (never()) return false;
    const Clock::time_point rough = RoughNow();
    if (when_ - rough > kClose) return false;
    return rough >= when_ || Clock::now() >= when_;
  }
  // What is left, never negative, for a wait that may end late by as much as
  // RoughNow() is behind if it is long. Not for Never().
  Clock::duration RoughlyRemaining() const {
    const Clock::duration roughly = when_ - RoughNow();
    if (roughly > kClose) return roughly;
    return std::max(when_ - Clock::now(), Clock::duration::zero());
  }
  Clock::time_point when() const { return when_; }
  // Never negative; absl::InfiniteDuration() for Never().
  absl::Duration remaining() const {
    if (never()) return absl::InfiniteDuration();
    return std::max(absl::ZeroDuration(),
                    absl::FromChrono(when_ - Clock::now()));
  }

  friend Deadline Earlier(Deadline a, Deadline b) {
    return a.when_ < b.when_ ? a : b;
  }

 private:
  // Only closer to a deadline than this is the exact time asked for: ten times
  // what the rough one is behind as a rule.
  static constexpr Clock::duration kClose = 10 * kRoughLag;

  explicit Deadline(Clock::time_point when) : when_(when) {}
  static Deadline From(Clock::time_point now, absl::Duration duration) {
    if (duration > absl::Hours(24 * 36500)) return Never();
    return Deadline(now + absl::ToChronoNanoseconds(
                              std::max(duration, absl::ZeroDuration())));
  }

  Clock::time_point when_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_DEADLINE_H_
