// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PACER_H_
#define VIOS_PROXY_PROXY_PACER_H_

#include <cstddef>
#include <deque>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios {

// Spreads what many threads want to do: at most `count` in any `interval`.
// Thread-safe, never blocks.
class Pacer {
 public:
  Pacer(size_t count, absl::Duration interval)
      : count_(count), interval_(absl::ToChronoNanoseconds(interval)) {}

  // Takes the next place and returns its moment, which the caller waits for.
  Clock::time_point Reserve() { return ReserveAt(Clock::now()); }
  Clock::time_point ReserveAt(Clock::time_point now);
  // Takes a place if there is one now, and says whether.
  bool Take() { return !TryTake().has_value(); }
  // The same: nothing when it took one, else when to ask again.
  std::optional<Clock::time_point> TryTake() { return TryTakeAt(Clock::now()); }
  std::optional<Clock::time_point> TryTakeAt(Clock::time_point now);

 private:
  Clock::time_point NextAt(Clock::time_point now) const
      ABSL_SHARED_LOCKS_REQUIRED(mu_);
  void Grant(Clock::time_point when) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t count_;
  const Clock::duration interval_;
  absl::Mutex mu_;
  std::deque<Clock::time_point> granted_ ABSL_GUARDED_BY(mu_);  // The last.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PACER_H_
