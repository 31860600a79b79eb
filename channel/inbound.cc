// SPDX-License-Identifier: Apache-2.0
#include "channel/inbound.h"

#include <algorithm>
#include <utility>

#include "channel/new_syn.h"
#include "channel/reset_reason.h"
#include "channel/session_id.h"

namespace vios {
namespace {

Inbound::Event Over(SessionEnd end) {
  return {Inbound::What::kEnd, {}, std::move(end)};
}

// An empty RESET is how a base session ends in good order; one with a reason
// can only come from an end that gave up.
SessionEnd EndOfReset(const Frame& frame, bool options) {
  SessionEnd end = PeerReset(frame.payload);
  const bool ordinary = !options && end.reason == ResetReason::kNone;
  if (ordinary) end.kind = SessionEnd::Kind::kBasePeer;
  return end;
}

// What came is damaged; or, as a preamble shows, the peer opened the channel
// anew, which on the wire is the same.
SessionEnd Damaged(ResetReason reason, const char* what, bool preamble) {
  if (!preamble) return ResetBecause(reason, what);
  return {SessionEnd::Kind::kPeerReopened, reason, "preamble"};
}

// Whether the frame, which a peer that is gone began, ends with a preamble.
bool FilledUpByPreamble(const Frame& frame) {
  const auto tail = frame.payload.last(kNumberSize);
  return std::all_of(tail.begin(), tail.end(),
                     [](uint8_t byte) { return byte == kPreambleByte; });
}

}  // namespace

Inbound::Inbound(Channel& channel, const Session& session)
    : channel_(channel), session_(session), numbers_(session.peer_token()) {}

Inbound::Event Inbound::On(const Frame& frame) {
  channel_.Observe(frame);
  return IsOwn(frame) ? OnOwn(frame) : OnForeign(frame);
}

void Inbound::AfterEnd(const Frame& frame) {
  channel_.Observe(frame);
  if (!TakeSyn(channel_, frame) && !IsOwn(frame)) channel_.AnswerStray(frame);
}

bool Inbound::IsOwn(const Frame& frame) const {
  const SessionId& id = session_.id();
  return frame.header.guest == id.guest && frame.header.host == id.host;
}

SessionEnd Inbound::OutOfStep() const {
  return Damaged(session_.id().options ? ResetReason::kStreamDamaged
                                       : ResetReason::kProtocolError,
                 "bytes that are no frame", channel_.reader().AtPreamble());
}

Inbound::Event Inbound::OnOwn(const Frame& frame) {
  const bool options = session_.id().options;
  switch (frame.header.type) {
    case FrameType::kReset:
      return Over(EndOfReset(frame, options));
    case FrameType::kData:
      if (options) return OnNumbered(frame);
      return {frame.payload.empty() ? What::kNothing : What::kData,
              frame.payload,
              {}};
    case FrameType::kFin:
    case FrameType::kFinAck:
    case FrameType::kPing:
      return options ? OnNumbered(frame) : Event{};
    case FrameType::kPong:
      return Event{};
    default:
      return Broken(FrameTypeName(frame.header.type));
  }
}

Inbound::Event Inbound::OnNumbered(const Frame& frame) {
  absl::Span<const uint8_t> body = frame.payload;
  const bool is_data = frame.header.type == FrameType::kData;
  if (body.size() < kNumberSize + (is_data ? 1 : 0)) {
    return Over(ResetBecause(ResetReason::kStreamDamaged, "a frame cut short"));
  }
  body.remove_suffix(kNumberSize);
  if (DecodeNumber(body.end()) != numbers_.Next()) {
    return Over(Damaged(ResetReason::kStreamDamaged,
                        "a frame is missing or was torn",
                        FilledUpByPreamble(frame)));
  }
  switch (frame.header.type) {
    case FrameType::kData:
      if (session_.fin_received()) return Broken("DATA after FIN");
      return {What::kData, body, {}};
    case FrameType::kFin:
      if (session_.fin_received()) return Broken("a second FIN");
      return {What::kFin, {}, {}};
    case FrameType::kFinAck:
      if (!session_.fin_queued()) return Broken("FINACK without FIN");
      if (session_.fin_ack_received()) return Broken("a second FINACK");
      return {What::kFinAck, {}, {}};
    default:
      return Event{};
  }
}

Inbound::Event Inbound::OnForeign(const Frame& frame) {
  if (auto end = BeganAnew(channel_, frame); end.has_value()) {
    return Over(*std::move(end));
  }
  channel_.CountStale();
  return Event{};
}

Inbound::Event Inbound::Broken(const char* what) const {
  return Over(ResetBecause(ResetReason::kProtocolError, what));
}

}  // namespace vios
