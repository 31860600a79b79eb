// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/service_log.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "testing/vm/client_result.h"

namespace vios::testing {
namespace {

// Takes the first word off.
absl::string_view TakeWord(absl::string_view& line) {
  const size_t end = line.find(' ');
  const absl::string_view word = line.substr(0, end);
  line.remove_prefix(end == absl::string_view::npos ? line.size() : end + 1);
  return word;
}

void TakeEnd(absl::string_view result, Served& served) {
  const ClientResult words{std::string(result)};  // NAME=VALUE, too.
  served.outcome = words.outcome();
  if (!absl::SimpleAtoi(words.Get("received"), &served.received)) {
    served.outcome = "unreadable";
  }
  served.digest = words.Get("digest");
}

}  // namespace

ServiceLog ParseServiceLog(absl::string_view log) {
  ServiceLog parsed;
  std::map<std::string, size_t> by_id;
  // What is behind the last end of line is still being written.
  log = log.substr(0, log.rfind('\n') + 1);
  for (absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    const absl::string_view whole = line;
    const absl::string_view kind = TakeWord(line);
    if (kind == "begin") {
      by_id[std::string(TakeWord(line))] = parsed.served.size();
      parsed.served.push_back({.request = std::string(line)});
    } else if (kind == "end") {
      const auto begun = by_id.find(std::string(TakeWord(line)));
      const size_t colon = line.rfind(" : ");
      if (begun != by_id.end() && colon != absl::string_view::npos) {
        TakeEnd(line.substr(colon + 3), parsed.served[begun->second]);
      }
    } else if (kind != "listening" && !absl::EndsWith(line, ": reset")) {
      parsed.strange.emplace_back(whole);
    }
  }
  return parsed;
}

std::string NameIn(absl::string_view request) {
  const size_t space = request.rfind(' ');
  return std::string(
      space == absl::string_view::npos ? request : request.substr(space + 1));
}

}  // namespace vios::testing
