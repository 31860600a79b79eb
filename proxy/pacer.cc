// SPDX-License-Identifier: Apache-2.0
#include "proxy/pacer.h"

#include <algorithm>

namespace vios {

Clock::time_point Pacer::NextAt(Clock::time_point now) const {
  if (granted_.size() < count_) return now;
  return std::max(now, granted_.front() + interval_);
}

void Pacer::Grant(Clock::time_point when) {
  if (granted_.size() == count_) granted_.pop_front();
  granted_.push_back(when);
}

Clock::time_point Pacer::ReserveAt(Clock::time_point now) {
  absl::MutexLock lock(&mu_);
  const Clock::time_point when = NextAt(now);
  Grant(when);
  return when;
}

std::optional<Clock::time_point> Pacer::TryTakeAt(Clock::time_point now) {
  absl::MutexLock lock(&mu_);
  const Clock::time_point when = NextAt(now);
  if (when > now) return when;
  Grant(now);
  return std::nullopt;
}

}  // namespace vios
