// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FRAME_H_
#define VIOS_PROXY_CHANNEL_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace vios {

// The wire format of README.md beside this file: sizes in bytes, integers
// big-endian. Pure functions on values; thread-safe.

inline constexpr size_t kHeaderSize = 2 + 1 + 1 + 4 + 4 + 2;
inline constexpr size_t kMaxPayloadSize = 0xffff;
inline constexpr size_t kMaxFrameSize = kHeaderSize + kMaxPayloadSize;
// The number that ends every frame of a session with options but RESET.
inline constexpr size_t kNumberSize = 4;
// What a virtio port takes in one write; a frame of ours is never longer.
inline constexpr size_t kMaxWriteSize = 32768;
// A run of this many 'V' brings any parser back between two frames: one inside
// the longest frame swallows it, one between frames skips it.
inline constexpr size_t kPreambleSize = kMaxFrameSize;
inline constexpr uint8_t kPreambleByte = 'V';
// PING and PONG outside sessions carry this many bytes.
inline constexpr size_t kProbeSize = 8;

enum class FrameType : uint8_t {
  kSyn = 'A',
  kAck = 'B',
  kSynAck = 'C',
  kData = 'D',
  kFin = 'E',     // Option.
  kFinAck = 'F',  // Option.
  kReset = 'H',
  kPing = 'I',  // Option.
  kPong = 'J',  // Option.
};

// "SYN", "DATA", ...
const char* FrameTypeName(FrameType type);

// One end's name for a session: four printable bytes, kept as the integer that
// they are on the wire.
struct Token {
  uint32_t value;
  friend bool operator==(Token a, Token b) = default;
};
inline constexpr Token kUnknownToken = {0x3f3f3f3f};    // "????"
inline constexpr Token kNoSessionToken = {0x52525252};  // "RRRR"

// A fresh token from the kernel's random numbers; never one of the two above,
// nor the bytes of a preamble. It needs no escapes: no quotes, backslash, slash
// or dash.
Token RandomToken();
// Whether a session may have this name: printable and not one of the two.
bool NamesASession(Token token);
// The four characters in wire order.
std::string ToString(Token token);

struct FrameHeader {
  FrameType type;
  Token guest;
  Token host;
  uint16_t length = 0;  // Of the payload.

  bool IsOutOfSession() const {
    return guest == kNoSessionToken && host == kNoSessionToken;
  }
  bool IsProbe(FrameType ping_or_pong) const {
    return type == ping_or_pong && IsOutOfSession() && length == kProbeSize;
  }
  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

// For whoever takes every frame that comes, or only PING and PONG out of
// sessions.
inline bool AnyFrame(const FrameHeader&) { return true; }
inline bool AnyProbe(const FrameHeader& header) {
  return header.IsProbe(FrameType::kPing) || header.IsProbe(FrameType::kPong);
}

// Writes kHeaderSize bytes to `out`.
void EncodeHeader(const FrameHeader& header, uint8_t* out);
// Nothing when `bytes`, at least kHeaderSize of them, begin with no valid
// header: sync, version, type and all eight token bytes must be.
std::optional<FrameHeader> DecodeHeader(absl::Span<const uint8_t> bytes);

void EncodeNumber(uint32_t number, uint8_t* out);
uint32_t DecodeNumber(const uint8_t* bytes);

// A complete frame in somebody's buffer.
struct Frame {
  FrameHeader header;
  absl::Span<const uint8_t> payload;
};

// The numbers of one sender's frames in one session with options. They begin
// with the sender's own token and skip the bytes of a preamble.
class FrameNumbers {
 public:
  explicit FrameNumbers(Token sender) : next_(sender.value) {}
  uint32_t Next();

 private:
  uint32_t next_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FRAME_H_
