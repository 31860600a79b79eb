// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_WAKEUP_H_
#define VIOS_PROXY_CHANNEL_WAKEUP_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "channel/cancel.h"
#include "channel/unique_fd.h"

namespace vios {

// How the rest of the program reaches one thread while it blocks: every wait of
// that thread lists its Wakeup beside its own descriptors. A ring says "look
// again" and nothing more: what there is to see (a flag, a queue) is set before
// the ring, and looked at after each wait and before the next.
//
// Ring() is thread-safe and async-signal-safe; the rest is the waiting
// thread's alone.
class Wakeup {
 public:
  // Rings by itself when `cancel` fires; `cancel` outlives the Wakeup. Fails
  // when descriptors ran out.
  static absl::StatusOr<std::unique_ptr<Wakeup>> Create(Cancel& cancel);

  void Ring();
  // Forgets the rings so far; rings() counts how often that was called, so a
  // caller of several waits sees whether one of them was rung.
  void Clear();
  uint64_t rings() const { return rings_; }
  bool cancelled() const { return cancel_.fired(); }
  int fd() const { return event_.get(); }

 private:
  Wakeup(UniqueFd event, Cancel& cancel);

  const UniqueFd event_;  // An eventfd.
  uint64_t rings_ = 0;
  const Cancel& cancel_;
  Cancel::Listener on_cancel_;  // Last: it rings the event.
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_WAKEUP_H_
