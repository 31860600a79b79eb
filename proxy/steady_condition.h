// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STEADY_CONDITION_H_
#define VIOS_PROXY_PROXY_STEADY_CONDITION_H_

#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"

namespace vios {

// For a wait under a Mutex that has a limit. Abseil's own go by the wall clock:
// one that is set back holds them up for as long. Thread-safe.
class SteadyCondition {
 public:
  // Gives `mu` up until NotifyAll(), `deadline`, or for no reason at all: look
  // whether that was it.
  void Wait(absl::Mutex& mu, Deadline deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu) {
    Lockable lockable(mu);
    if (deadline.never()) {
      changed_.wait(lockable);
    } else {
      changed_.wait_until(lockable, deadline.when());
    }
  }
  void NotifyAll() { changed_.notify_all(); }

 private:
  // As the standard library spells it.
  class Lockable {
   public:
    explicit Lockable(absl::Mutex& mu) : mu_(mu) {}
    void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu_.Lock(); }
    void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu_.Unlock(); }

   private:
    absl::Mutex& mu_;
  };

  std::condition_variable_any changed_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STEADY_CONDITION_H_
