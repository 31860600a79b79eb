// SPDX-License-Identifier: Apache-2.0
#include "testing/longrun/session_sums.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace vios::testing {
namespace {

// The number behind ` name=`; 0 when there is none.
uint64_t Number(absl::string_view line, absl::string_view name) {
  uint64_t value = 0;
  for (absl::string_view word : absl::StrSplit(line, ' ')) {
    if (absl::ConsumePrefix(&word, name) && absl::SimpleAtoi(word, &value)) {
      return value;
    }
  }
  return 0;
}

}  // namespace

SessionSums SumSessions(absl::string_view log,
                        std::vector<std::string>* unclean) {
  SessionSums sums;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    const bool one = absl::StrContains(line, " session ended:");
    const bool many = absl::StrContains(line, " more sessions ended");
    if (!one && !many) continue;
    sums.sessions += one ? 1 : Number(line, "sessions=");
    sums.up += Number(line, "up=");
    sums.down += Number(line, "down=");
    if (one && unclean != nullptr && !absl::EndsWith(line, "end=\"clean\"")) {
      unclean->emplace_back(line);
    }
  }
  return sums;
}

}  // namespace vios::testing
