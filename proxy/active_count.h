// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ACTIVE_COUNT_H_
#define VIOS_PROXY_PROXY_ACTIVE_COUNT_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "proxy/steady_condition.h"

namespace vios {

// How many sessions run, for a daemon that waits for the last one. Thread-safe.
class ActiveCount {
 public:
  // Counts while it lives.
  class Hold {
   public:
    explicit Hold(ActiveCount& count) : count_(count) { count_.Add(1); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { count_.Add(-1); }

   private:
    ActiveCount& count_;
  };

  // Waits until none is left; false when the deadline came first.
  bool AwaitNone(Deadline deadline) {
    absl::MutexLock lock(&mu_);
    while (count_ != 0 && !deadline.passed()) changed_.Wait(mu_, deadline);
    return count_ == 0;
  }

 private:
  void Add(int change) {
    absl::MutexLock lock(&mu_);
    count_ += change;
    if (count_ == 0) changed_.NotifyAll();
  }

  absl::Mutex mu_;
  SteadyCondition changed_;
  int count_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ACTIVE_COUNT_H_
