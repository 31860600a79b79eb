// SPDX-License-Identifier: Apache-2.0
#include "channel/escape.h"

#include "absl/strings/str_cat.h"

namespace vios {
namespace {

std::string EscapeByte(char byte) {
  if (byte == '"' || byte == '\'' || byte == '\\') {
    return std::string({'\\', byte});
  }
  if (byte >= ' ' && byte <= '~') return std::string(1, byte);
  const auto value = static_cast<unsigned char>(byte);
  return absl::StrCat("\\x", absl::Hex(value, absl::kZeroPad2));
}

}  // namespace

std::string Escape(absl::string_view text, size_t max_length) {
  std::string escaped;
  for (const char byte : text) {
    const std::string one = EscapeByte(byte);
    if (escaped.size() + one.size() > max_length) return escaped + "...";
    escaped += one;
  }
  return escaped;
}

}  // namespace vios
