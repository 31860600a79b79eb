// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_CANCEL_H_
#define VIOS_PROXY_CHANNEL_CANCEL_H_

#include <atomic>
#include <functional>
#include <list>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace vios {

// A one-shot stop signal: once fired it stays fired, and so do its children.
// Thread-safe. Firing early works: whoever looks or listens later sees it.
class Cancel {
 public:
  Cancel() = default;
  // A child, no copy: fires when `parent` does. `parent` outlives it.
  explicit Cancel(Cancel& parent);  // NOLINT(google-explicit-constructor)
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;
  ~Cancel() = default;

  // Idempotent. Calls the listeners before it returns.
  void Fire();
  bool fired() const { return fired_.load(std::memory_order_acquire); }

  // Calls `on_fire` once when the signal fires, at once if it already has.
  // Once a Listener is destroyed its callback is not running, nor will it run:
  // the destructor waits for one that is. The callback must not block nor touch
  // this Cancel.
  class Listener {
   public:
    Listener(Cancel& cancel, std::function<void()> on_fire);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

   private:
    Cancel& cancel_;
    std::list<std::function<void()>>::iterator place_;
  };

 private:
  std::atomic<bool> fired_ = false;
  absl::Mutex mu_;
  std::list<std::function<void()>> listeners_ ABSL_GUARDED_BY(mu_);
  // Last: a parent that fires calls into everything above. Empty in a root.
  std::optional<Listener> from_parent_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_CANCEL_H_
