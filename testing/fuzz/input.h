// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_INPUT_H_
#define VIOS_PROXY_TESTING_FUZZ_INPUT_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace vios::fuzz {

// Reads a fuzzer's input from the front. Values; at the end everything is 0.
class Input {
 public:
  explicit Input(absl::string_view bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }
  uint8_t Byte() {
    if (left_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(left_[0]);
    left_.remove_prefix(1);
    return byte;
  }
  // Big-endian, of two bytes.
  size_t Size() {
    const size_t high = Byte();
    return high * 256 + Byte();
  }
  absl::string_view Bytes(size_t size) {
    const absl::string_view bytes = left_.substr(0, size);
    left_.remove_prefix(bytes.size());
    return bytes;
  }

 private:
  absl::string_view left_;
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_INPUT_H_
