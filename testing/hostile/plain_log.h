// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_HOSTILE_PLAIN_LOG_H_
#define VIOS_PROXY_TESTING_HOSTILE_PLAIN_LOG_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

inline size_t CountLines(absl::string_view log) {
  return static_cast<size_t>(std::count(log.begin(), log.end(), '\n'));
}

// The place in a log, escaped, where a byte is that could be an order to a
// terminal; empty when there is none.
inline std::string FirstControlByte(absl::string_view log) {
  for (size_t i = 0; i < log.size(); ++i) {
    const auto byte = static_cast<unsigned char>(log[i]);
    if ((byte >= 0x20 && byte < 0x7f) || byte == '\n') continue;
    const size_t from = i < 40 ? 0 : i - 40;
    return absl::CHexEscape(log.substr(from, 80));
  }
  return "";
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_HOSTILE_PLAIN_LOG_H_
