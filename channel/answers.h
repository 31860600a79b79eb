// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ANSWERS_H_
#define VIOS_PROXY_CHANNEL_ANSWERS_H_

#include <optional>
#include <string>

#include "channel/deadline.h"
#include "channel/frame.h"

namespace vios {

// The short answers that the reader of a channel owes and that are sent once no
// session is in the way: a reader never waits for the channel to take
// something. One place for each kind, the latest counts, so that a flood of
// questions costs nothing. The reading thread's, never blocks.
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

  bool any() const { return due_.pong.has_value() || due_.unknown.has_value(); }
  Due Take();
  void Clear();

 private:
  Due due_;
  std::optional<Clock::time_point> last_unknown_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ANSWERS_H_
