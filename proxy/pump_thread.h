// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PUMP_THREAD_H_
#define VIOS_PROXY_PROXY_PUMP_THREAD_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "channel/cancel.h"
#include "channel/wakeup.h"

namespace vios {

// The second thread of a busy channel: runs one pump at a time for the worker
// that owns it and sleeps in between, so that no session pays for a thread.
// Begin() and Join() are the owner's.
class PumpThread {
 public:
  // The thread is called `name` (15 characters are kept). Fails when threads or
  // descriptors ran out. `cancel` outlives it.
  static absl::StatusOr<std::unique_ptr<PumpThread>> Start(
      const std::string& name, Cancel& cancel);
  // Only after Join().
  ~PumpThread();

  // Runs `pump` on the thread.
  void Begin(std::function<void()> pump);
  // Waits until it has returned.
  void Join();
  // The pump's, and rings when `cancel` fires.
  Wakeup& wakeup() { return *wakeup_; }

 private:
  explicit PumpThread(std::unique_ptr<Wakeup> wakeup);
  void Loop();
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mu_) {
    return stop_ || pump_ != nullptr;
  }
  bool Idle() const ABSL_SHARED_LOCKS_REQUIRED(mu_) { return !busy_; }

  const std::unique_ptr<Wakeup> wakeup_;
  absl::Mutex mu_;
  std::function<void()> pump_ ABSL_GUARDED_BY(mu_);
  bool busy_ ABSL_GUARDED_BY(mu_) = false;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PUMP_THREAD_H_
