// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SESSION_END_H_
#define VIOS_PROXY_CHANNEL_SESSION_END_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "channel/reset_reason.h"

namespace vios {

// How a session, or the attempt at one, ended. A plain value.
struct SessionEnd {
  enum class Kind {
    kClean,         // Both directions ended with FIN and FINACK.
    kBaseClosed,    // The ordinary end of a base session: our side closed.
    kBasePeer,      // The same, told by the peer's RESET.
    kReset,         // We gave up, and tell the peer.
    kPeerReset,     // The peer gave up, and told us.
    kPeerForgot,    // The peer began anew: it has no such session.
    kPeerReopened,  // The same, by its preamble; bytes may look alike: told.
    kChannelLost,   // The channel ended under it.
  };
  Kind kind = Kind::kClean;
  ResetReason reason = ResetReason::kNone;
  std::string detail;  // For the log; escaped already.

  // Whether the TCP side may be closed as if the stream were whole. Not after
  // kBaseClosed: it may have waited for an answer that now never comes; one
  // that has closed does not notice the difference.
  bool closes_cleanly() const {
    return kind == Kind::kClean || kind == Kind::kBasePeer;
  }
  // Whether the peer has to be told by a RESET.
  bool tells_peer() const {
    return kind == Kind::kReset || kind == Kind::kBaseClosed ||
           kind == Kind::kPeerReopened;
  }
  // Whether both ends now agree that the channel is free.
  bool leaves_channel_free() const {
    return kind == Kind::kClean || kind == Kind::kPeerReset ||
           kind == Kind::kBasePeer;
  }
};

inline SessionEnd ResetBecause(ResetReason reason, std::string detail) {
  return {SessionEnd::Kind::kReset, reason, std::move(detail)};
}

// How a RESET with `payload`, any bytes, ends what its tokens name.
SessionEnd PeerReset(absl::Span<const uint8_t> payload);

// For the log: "clean", "timed out (no answer from the peer)".
std::string Describe(const SessionEnd& end);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SESSION_END_H_
