// SPDX-License-Identifier: Apache-2.0
#include "channel/raw_frame.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "channel/fd_pair.h"
#include "glog/logging.h"

namespace vios {
namespace {

size_t Byte(absl::string_view bytes, size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

std::string Raw(char type, absl::string_view guest, absl::string_view host,
                absl::string_view payload) {
  CHECK_EQ(guest.size(), 4u);
  CHECK_EQ(host.size(), 4u);
  const std::string length = {static_cast<char>(payload.size() / 256),
                              static_cast<char>(payload.size() % 256)};
  return absl::StrCat("VS1", std::string(1, type), guest, host, length,
                      payload);
}

std::optional<RawFrame> ReadRawFrame(int fd) {
  RawFrame frame;
  size_t run = 0;
  std::string next;
  while ((next = ReadExactly(fd, 1)) == "V") ++run;
  if (next != "S" || run == 0) return std::nullopt;
  const std::string rest = ReadExactly(fd, 12);
  if (rest.size() != 12 || rest[0] != '1') return std::nullopt;
  frame.preamble = run - 1;
  frame.type = rest[1];
  frame.guest = rest.substr(2, 4);
  frame.host = rest.substr(6, 4);
  const size_t length = Byte(rest, 10) * 256 + Byte(rest, 11);
  frame.payload = ReadExactly(fd, length);
  if (frame.payload.size() != length) return std::nullopt;
  return frame;
}

std::string RawNumber(absl::string_view token, uint32_t index) {
  uint64_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = number * 256 + Byte(token, i);
  for (uint32_t left = index;; --left) {
    if (number % 0x100000000 == 0x56565656) ++number;
    if (left == 0) break;
    ++number;
  }
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) {
    bytes.push_back(static_cast<char>(number >> shift & 0xff));
  }
  return bytes;
}

std::string FromHex(absl::string_view text) {
  const std::vector<std::string> words =
      absl::StrSplit(text, ' ', absl::SkipEmpty());
  std::string bytes;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "*") {
      absl::StrAppend(&bytes, absl::HexStringToBytes(words[i]));
      continue;
    }
    size_t count = 0;
    CHECK(i > 0 && i + 1 < words.size() &&
          absl::SimpleAtoi(words[++i], &count) && count > 0)
        << text;
    bytes.append(count - 1, bytes.back());
  }
  return bytes;
}

}  // namespace vios
