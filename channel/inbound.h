// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_INBOUND_H_
#define VIOS_PROXY_CHANNEL_INBOUND_H_

#include <cstdint>

#include "absl/types/span.h"
#include "channel/channel.h"
#include "channel/frame.h"
#include "channel/session.h"
#include "channel/session_end.h"

namespace vios {

// What the frames that arrive in a session mean: the rules of the protocol,
// applied by the reading pump. Not thread-safe.
class Inbound {
 public:
  // `channel` and `session` outlive it.
  Inbound(Channel& channel, const Session& session);

  enum class What {
    kNothing,  // Counted, skipped, or answered elsewhere.
    kData,     // `data` is to be handed on.
    kFin,      // All data has come: pass the end of file on.
    kFinAck,   // The peer has delivered our end of file.
    kEnd,      // The session is over: `end`.
  };
  struct Event {
    What what = What::kNothing;
    absl::Span<const uint8_t> data;  // As long as the frame is valid.
    SessionEnd end;
  };
  Event On(const Frame& frame);
  // A frame that still arrives once the session has ended: what is left of it
  // is dropped. A SYN is kept as the channel's pending_syn().
  void AfterEnd(const Frame& frame);
  // The next byte is none of a frame.
  SessionEnd OutOfStep() const;

 private:
  bool IsOwn(const Frame& frame) const;
  Event OnOwn(const Frame& frame);
  Event OnNumbered(const Frame& frame);
  Event OnForeign(const Frame& frame);
  Event Broken(const char* what) const;

  Channel& channel_;
  const Session& session_;
  FrameNumbers numbers_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_INBOUND_H_
