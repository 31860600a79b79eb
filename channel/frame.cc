// SPDX-License-Identifier: Apache-2.0
#include "channel/frame.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "glog/logging.h"

namespace vios {
namespace {

constexpr uint8_t kSync0 = 'V';
constexpr uint8_t kSync1 = 'S';
constexpr uint8_t kVersion = '1';
constexpr uint8_t kFirstTokenByte = 0x21;
constexpr uint8_t kLastTokenByte = 0x7e;
constexpr uint32_t kPreambleWord = kPreambleByte * 0x01010101u;

bool IsTokenByte(uint8_t byte) {
  return byte >= kFirstTokenByte && byte <= kLastTokenByte;
}

bool IsPrintable(Token token) {
  for (int shift = 0; shift < 32; shift += 8) {
    if (!IsTokenByte(static_cast<uint8_t>(token.value >> shift))) return false;
  }
  return true;
}

bool IsFrameType(uint8_t byte) {
  return (byte >= 'A' && byte <= 'F') || (byte >= 'H' && byte <= 'J');
}

void FillRandom(absl::Span<uint8_t> bytes) {
  // Fewer than 256 bytes come whole, if no signal came while the kernel was
  // still gathering; else they fail only on a kernel without them.
  ssize_t n;
  do {
    n = ::getrandom(bytes.data(), bytes.size(), 0);
  } while (n < 0 && errno == EINTR);
  PCHECK(n == static_cast<ssize_t>(bytes.size()));
}

// Of bytes that a log shows as they are.
Token DrawToken() {
  static constexpr char kBytes[] =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
      "!#$%&()*+,.:;<=>?@[]^_`{|}~";
  constexpr size_t kCount = sizeof(kBytes) - 1;
  std::array<uint8_t, 4> random;
  FillRandom(absl::MakeSpan(random));
  uint32_t value = 0;
  for (const uint8_t byte : random) {
    value = value << 8 | static_cast<uint8_t>(kBytes[byte % kCount]);
  }
  return {value};
}

}  // namespace

const char* FrameTypeName(FrameType type) {
  switch (type) {
    case FrameType::kSyn:
      return "SYN";
    case FrameType::kAck:
      return "ACK";
    case FrameType::kSynAck:
      return "SYNACK";
    case FrameType::kData:
      return "DATA";
    case FrameType::kFin:
      return "FIN";
    case FrameType::kFinAck:
      return "FINACK";
    case FrameType::kReset:
      return "RESET";
    case FrameType::kPing:
      return "PING";
    case FrameType::kPong:
      return "PONG";
  }
  return "?";
}

Token RandomToken() {
  while (true) {
    const Token token = DrawToken();
    if (NamesASession(token) && token.value != kPreambleWord) return token;
  }
}

bool NamesASession(Token token) {
  return IsPrintable(token) && token != kUnknownToken &&
         token != kNoSessionToken;
}

std::string ToString(Token token) {
  std::array<uint8_t, kNumberSize> bytes;
  EncodeNumber(token.value, bytes.data());
  return std::string(bytes.begin(), bytes.end());
}

void EncodeHeader(const FrameHeader& header, uint8_t* out) {
  out[0] = kSync0;
  out[1] = kSync1;
  out[2] = kVersion;
  out[3] = static_cast<uint8_t>(header.type);
  EncodeNumber(header.guest.value, out + 4);
  EncodeNumber(header.host.value, out + 8);
  out[12] = static_cast<uint8_t>(header.length >> 8);
  out[13] = static_cast<uint8_t>(header.length);
}

std::optional<FrameHeader> DecodeHeader(absl::Span<const uint8_t> bytes) {
  CHECK_GE(bytes.size(), kHeaderSize);
  if (bytes[0] != kSync0 || bytes[1] != kSync1 || bytes[2] != kVersion ||
      !IsFrameType(bytes[3])) {
    return std::nullopt;
  }
  const FrameHeader header = {
      .type = static_cast<FrameType>(bytes[3]),
      .guest = {DecodeNumber(&bytes[4])},
      .host = {DecodeNumber(&bytes[8])},
      .length = static_cast<uint16_t>(bytes[12] << 8 | bytes[13])};
  if (!IsPrintable(header.guest) || !IsPrintable(header.host)) {
    return std::nullopt;
  }
  return header;
}

void EncodeNumber(uint32_t number, uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    out[i] = static_cast<uint8_t>(number >> (24 - 8 * i));
  }
}

uint32_t DecodeNumber(const uint8_t* bytes) {
  uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | bytes[i];
  return number;
}

uint32_t FrameNumbers::Next() {
  if (next_ == kPreambleWord) ++next_;
  return next_++;
}

}  // namespace vios
