// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HEARTBEAT_H_
#define VIOS_PROXY_PROXY_HEARTBEAT_H_

#include <atomic>

#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios {

// The sign of life of one thread that comes round about once a second: it
// beats, others look. Thread-safe, never blocks.
class Heartbeat {
 public:
  // `thread`: its name, a literal. `patience`: how long a living thread may be
  // silent at most.
  Heartbeat(const char* thread, absl::Duration patience)
      : thread_(thread), patience_(patience) {}

  void Beat() { last_.store(Clock::now(), std::memory_order_relaxed); }
  // The thread has ended as it was to: nothing more is expected of it.
  void Retire() { retired_.store(true, std::memory_order_relaxed); }

  const char* thread() const { return thread_; }
  absl::Duration silent_for() const {
    return absl::FromChrono(Clock::now() -
                            last_.load(std::memory_order_relaxed));
  }
  bool alive() const {
    return retired_.load(std::memory_order_relaxed) ||
           silent_for() <= patience_;
  }

 private:
  const char* const thread_;
  const absl::Duration patience_;
  std::atomic<Clock::time_point> last_ = Clock::now();
  std::atomic<bool> retired_ = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HEARTBEAT_H_
