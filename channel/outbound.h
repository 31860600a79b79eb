// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_OUTBOUND_H_
#define VIOS_PROXY_CHANNEL_OUTBOUND_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "channel/channel.h"
#include "channel/frame.h"
#include "channel/session.h"
#include "channel/session_end.h"

namespace vios {

// Builds the frames that the writing pump sends in a session, numbers included,
// in the channel's writer. Nothing is written before the pump flushes.
// Not thread-safe.
class Outbound {
 public:
  // `channel` and `session` outlive it.
  Outbound(Channel& channel, const Session& session);

  // Where the bytes of the next DATA frame go; empty when the buffer is full.
  absl::Span<uint8_t> Room();
  // Completes the DATA frame of the `size` > 0 bytes that are in Room().
  void CommitData(size_t size);
  // UNAVAILABLE when the buffer is full. Only in a session with options but for
  // Reset().
  absl::Status Fin() { return Numbered(FrameType::kFin); }
  absl::Status FinAck() { return Numbered(FrameType::kFinAck); }
  absl::Status Ping() { return Numbered(FrameType::kPing); }
  absl::Status Reset(const SessionEnd& end);

 private:
  absl::Status Numbered(FrameType type);
  FrameHeader Header(FrameType type, size_t length) const;

  Channel& channel_;
  const Session& session_;
  const size_t number_size_;  // 0 in a base session.
  FrameNumbers numbers_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_OUTBOUND_H_
