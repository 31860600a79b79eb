// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DIGITS_H_
#define VIOS_PROXY_PROXY_DIGITS_H_

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace vios {

// The number that decimal digits alone write: SimpleAtoi() also takes signs and
// blanks. Pure.
inline std::optional<int> ParseDigits(absl::string_view text) {
  int number = 0;
  if (!std::all_of(text.begin(), text.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DIGITS_H_
