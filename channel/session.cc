// SPDX-License-Identifier: Apache-2.0
#include "channel/session.h"

#include <utility>

namespace vios {

Session::Session(const SessionId& id, Role role)
    : id_(id), role_(role), touched_(RoughNow()) {}

bool Session::End(SessionEnd end) {
  absl::MutexLock lock(&mu_);
  if (ended_) return false;
  end_ = std::move(end);
  ended_at_ = Clock::now();
  ended_.store(true, std::memory_order_release);
  return true;
}

Clock::time_point Session::ended_at() const {
  absl::MutexLock lock(&mu_);
  return ended_ ? ended_at_ : Clock::now();
}

SessionEnd Session::end() const {
  absl::MutexLock lock(&mu_);
  return end_;
}

}  // namespace vios
