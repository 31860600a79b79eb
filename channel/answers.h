// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ANSWERS_H_
#define VIOS_PROXY_CHANNEL_ANSWERS_H_

#include <atomic>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "channel/frame.h"

namespace vios {

// The short answers that the reader of a channel owes and that are sent once no
// session is in the way: a reader never waits for the channel to take
// something. One place for each kind, the latest counts, so that a flood of
// questions costs nothing. Thread-safe.
class Answers {
 public:
  // Answers that are due now; taken, they are no longer owed.
  struct Due {
    std::optional<std::string> pong;     // The bytes of the PING.
    std::optional<FrameHeader> unknown;  // RESET reason 9 for these tokens.
  };

  void OwePong(std::string bytes);
  // At most once a second; false when it is not owed for that.
  bool OweUnknownSession(Token guest, Token host);
  // A new session begins: a RESET that came behind its SYN or SYNACK would end
  // it for a peer of 0.2, which obeys any.
  void ForgetUnknownSession();

  // May be asked before each frame: costs one load.
  bool any() const { return any_.load(std::memory_order_acquire); }
  Due Take();
  void Clear();

 private:
  absl::Mutex mu_;
  Due due_ ABSL_GUARDED_BY(mu_);
  std::optional<Clock::time_point> last_unknown_ ABSL_GUARDED_BY(mu_);
  std::atomic<bool> any_ = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ANSWERS_H_
