// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_STATUS_H_
#define VIOS_PROXY_PROXY_CHANNEL_STATUS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace vios {

// What is to be known of one channel at one moment. Plain values; text from the
// other side is as it was sent, so escape it where it is shown.

enum class ChannelState {
  kDown,    // Not open, or nobody at the far end as far as can be told.
  kFree,    // Connected and without a session.
  kBusy,    // From the attempt at a session to its end.
  kResync,  // Connected; finding out whether the peer is in step.
};
inline constexpr size_t kChannelStates = 4;
// "down", "free", "busy", "resync".
absl::string_view ChannelStateName(ChannelState state);

// Why a peer was found to break the rules.
enum class ProtocolErrorKind { kProtocolError, kStreamDamaged, kBadOptions };
inline constexpr size_t kProtocolErrorKinds = 3;
absl::string_view ProtocolErrorKindName(ProtocolErrorKind kind);

// What grows, of one channel or of several.
struct ChannelTotals {
  uint64_t up_bytes = 0;    // Towards the service.
  uint64_t down_bytes = 0;  // Towards the client.
  uint64_t reconnects = 0;  // Connections after the first.
  uint64_t resyncs = 0;
  uint64_t skipped_bytes = 0;
  uint64_t stale_frames = 0;
  uint64_t dropped_answers = 0;
  uint64_t read_recoveries = 0;
  uint64_t write_recoveries = 0;
  std::array<uint64_t, kProtocolErrorKinds> protocol_errors = {};

  ChannelTotals& operator+=(const ChannelTotals& other);
};

struct SessionStatus {
  std::string tokens;  // Empty while it is being set up.
  std::string client;  // As this side knows it; the host has only a claim.
  absl::Duration age;
  uint64_t up_bytes = 0;
  uint64_t down_bytes = 0;
};

struct ChannelStatus {
  std::string guest;  // Empty in the guest daemon.
  std::string name;
  ChannelState state = ChannelState::kDown;
  absl::Duration in_state;
  std::string peer_agent;  // Of the last session; empty: none, or of 0.2.
  bool heard = false;      // A frame has come on this connection.
  std::optional<SessionStatus> session;
  ChannelTotals totals;
  std::string last_error;  // Empty: there was none.
  absl::Duration last_error_ago;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_STATUS_H_
