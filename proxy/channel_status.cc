// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_status.h"

namespace vios {

absl::string_view ChannelStateName(ChannelState state) {
  switch (state) {
    case ChannelState::kDown:
      return "down";
    case ChannelState::kFree:
      return "free";
    case ChannelState::kBusy:
      return "busy";
    case ChannelState::kResync:
      return "resync";
  }
  return "?";
}

absl::string_view ProtocolErrorKindName(ProtocolErrorKind kind) {
  switch (kind) {
    case ProtocolErrorKind::kProtocolError:
      return "protocol_error";
    case ProtocolErrorKind::kStreamDamaged:
      return "stream_damaged";
    case ProtocolErrorKind::kBadOptions:
      return "bad_options";
  }
  return "?";
}

ChannelTotals& ChannelTotals::operator+=(const ChannelTotals& other) {
  up_bytes += other.up_bytes;
  down_bytes += other.down_bytes;
  reconnects += other.reconnects;
  resyncs += other.resyncs;
  skipped_bytes += other.skipped_bytes;
  stale_frames += other.stale_frames;
  dropped_answers += other.dropped_answers;
  read_recoveries += other.read_recoveries;
  write_recoveries += other.write_recoveries;
  for (size_t i = 0; i < protocol_errors.size(); ++i) {
    protocol_errors[i] += other.protocol_errors[i];
  }
  return *this;
}

}  // namespace vios
