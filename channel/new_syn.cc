// SPDX-License-Identifier: Apache-2.0
#include "channel/new_syn.h"

#include <utility>

#include "channel/option_block.h"
#include "channel/reset_reason.h"
#include "channel/role.h"

namespace vios {

bool TakeSyn(Channel& channel, const Frame& frame) {
  const FrameHeader& header = frame.header;
  if (header.type != FrameType::kSyn || header.host != kUnknownToken ||
      !NamesASession(header.guest) || channel.role() != Role::kHost) {
    return false;
  }
  SynRequest syn = {.guest = header.guest,
                    .block = DecodeOptionBlock(frame.payload)};
  syn.block_malformed = !frame.payload.empty() && !syn.block.has_value();
  channel.KeepSyn(std::move(syn));
  channel.answers().ForgetUnknownSession();
  return true;
}

std::optional<SessionEnd> BeganAnew(Channel& channel, const Frame& frame) {
  if (TakeSyn(channel, frame)) {
    return SessionEnd{SessionEnd::Kind::kPeerForgot, ResetReason::kSuperseded,
                      "new SYN"};
  }
  if (frame.header.IsProbe(FrameType::kPing) && channel.options_enabled()) {
    channel.AnswerStray(frame);
    return SessionEnd{SessionEnd::Kind::kPeerForgot,
                      ResetReason::kUnknownSession, "PING"};
  }
  return std::nullopt;
}

}  // namespace vios
