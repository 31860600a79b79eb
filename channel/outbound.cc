// SPDX-License-Identifier: Apache-2.0
#include "channel/outbound.h"

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "channel/reset_reason.h"

namespace vios {

Outbound::Outbound(Channel& channel, const Session& session)
    : channel_(channel),
      session_(session),
      number_size_(session.id().options ? kNumberSize : 0),
      numbers_(session.own_token()) {}

absl::Span<uint8_t> Outbound::Room() {
  absl::Span<uint8_t> room = channel_.writer().Room();
  if (room.size() <= number_size_) return {};
  room.remove_suffix(number_size_);
  return room;
}

void Outbound::CommitData(size_t size) {
  if (number_size_ > 0) {
    EncodeNumber(numbers_.Next(), channel_.writer().Room().data() + size);
  }
  channel_.writer().Commit(Header(FrameType::kData, size + number_size_));
}

absl::Status Outbound::Reset(const SessionEnd& end) {
  return channel_.Queue(Header(FrameType::kReset, 0),
                        EncodeReset(end.reason, ""));
}

absl::Status Outbound::Numbered(FrameType type) {
  std::array<uint8_t, kNumberSize> number;
  EncodeNumber(numbers_.Next(), number.data());
  const std::string payload(number.begin(), number.end());
  return channel_.Queue(Header(type, 0), payload);
}

FrameHeader Outbound::Header(FrameType type, size_t length) const {
  return {type, session_.id().guest, session_.id().host,
          static_cast<uint16_t>(length)};
}

}  // namespace vios
