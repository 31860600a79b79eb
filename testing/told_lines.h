// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TOLD_LINES_H_
#define VIOS_PROXY_TESTING_TOLD_LINES_H_

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace vios::testing {

// What a log tells of things of which it shows a few and counts the rest.
struct ToldLines {
  uint64_t shown = 0;    // Lines of one thing each.
  uint64_t counted = 0;  // The sum of the numbers that others tell.
};

// The lines that contain `one`, and those that end with a number and `rest`.
inline ToldLines CountTold(const std::string& log, absl::string_view one,
                           absl::string_view rest) {
  ToldLines told;
  for (absl::string_view line : absl::StrSplit(log, '\n')) {
    if (!absl::EndsWith(line, rest)) {
      told.shown += absl::StrContains(line, one) ? 1 : 0;
      continue;
    }
    line.remove_suffix(rest.size());
    uint64_t count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(line.substr(line.rfind(' ') + 1), &count))
        << line;
    told.counted += count;
  }
  return told;
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TOLD_LINES_H_
