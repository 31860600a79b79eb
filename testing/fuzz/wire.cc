// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/wire.h"

#include <algorithm>

namespace vios::fuzz {
namespace {

constexpr size_t kBeforeLength = 12;
constexpr size_t kLongestText = 255;

size_t Byte(absl::string_view bytes, size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Whether a header may have `byte` at this place.
bool MayStand(size_t place, char byte) {
  switch (place) {
    case 0:
      return byte == 'V';
    case 1:
      return byte == 'S';
    case 2:
      return byte == '1';
    case 3:
      return absl::string_view("ABCDEFHIJ").find(byte) !=
             absl::string_view::npos;
    default:
      return byte > ' ' && byte < '\x7f';
  }
}

}  // namespace

Sight LookAt(absl::string_view bytes) {
  const size_t fixed = std::min(bytes.size(), kBeforeLength);
  for (size_t i = 0; i < fixed; ++i) {
    if (!MayStand(i, bytes[i])) return {Fit::kNone, {}, i + 1};
  }
  if (bytes.size() < kHeaderBytes) return {Fit::kPart, {}};
  WireFrame frame = {.type = bytes[3],
                     .guest = bytes.substr(4, 4),
                     .host = bytes.substr(8, 4),
                     .length = Byte(bytes, 12) * 256 + Byte(bytes, 13)};
  if (bytes.size() < frame.size()) return {Fit::kHeader, frame};
  frame.payload = bytes.substr(kHeaderBytes, frame.length);
  return {Fit::kFrame, frame};
}

bool IsName(absl::string_view token) {
  return token != "????" && token != "RRRR";
}

WireBlock ParseBlock(absl::string_view payload) {
  if (payload.substr(0, 2) != "O1") return {};
  WireBlock block = {.valid = true};
  size_t at = 2;
  while (at + 2 <= payload.size()) {
    const size_t kind = Byte(payload, at);
    const size_t length = Byte(payload, at + 1);
    at += 2;
    if (length > payload.size() - at) return {};
    const absl::string_view value = payload.substr(at, length);
    if (kind == 1 && length == 1) block.version = static_cast<int>(value[0]);
    if (kind == 2) block.agent = value;
    if (kind == 3) block.client = value;
    at += length;
  }
  block.version &= 0xff;
  if (at != payload.size()) return {};
  return block;
}

int ReasonOf(absl::string_view reset_payload) {
  return reset_payload.empty() ? 0 : static_cast<int>(Byte(reset_payload, 0));
}

absl::string_view TextOf(absl::string_view reset_payload) {
  if (reset_payload.empty()) return "";
  return reset_payload.substr(1, kLongestText);
}

}  // namespace vios::fuzz
