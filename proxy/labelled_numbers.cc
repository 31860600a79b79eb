// SPDX-License-Identifier: Apache-2.0
#include "proxy/labelled_numbers.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

std::vector<absl::string_view> WordsBehind(absl::string_view text,
                                           absl::string_view label) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::ConsumePrefix(&line, label)) continue;
    return absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  }
  return {};
}

}  // namespace

std::vector<uint64_t> NumbersBehind(absl::string_view text,
                                    absl::string_view label) {
  std::vector<uint64_t> numbers;
  for (const absl::string_view word : WordsBehind(text, label)) {
    uint64_t number = 0;
    if (absl::SimpleAtoi(word, &number)) numbers.push_back(number);
  }
  return numbers;
}

std::optional<uint64_t> NumberBehind(absl::string_view text,
                                     absl::string_view label) {
  const std::vector<absl::string_view> words = WordsBehind(text, label);
  uint64_t number = 0;
  if (words.empty() || !absl::SimpleAtoi(words[0], &number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace vios
