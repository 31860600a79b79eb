// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/client_result.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace vios::testing {

ClientResult::ClientResult(const std::string& output) {
  const std::vector<std::string> lines =
      absl::StrSplit(output, '\n', absl::SkipEmpty());
  if (!lines.empty()) line_ = lines.back();
}

std::string ClientResult::Get(const std::string& name) const {
  const std::string prefix = absl::StrCat(name, "=");
  for (absl::string_view word : absl::StrSplit(line_, ' ')) {
    if (absl::ConsumePrefix(&word, prefix)) return std::string(word);
  }
  return "";
}

uint64_t ClientResult::bytes() const {
  uint64_t value = 0;
  return absl::SimpleAtoi(Get("bytes"), &value) ? value : 0;
}

double ClientResult::seconds() const {
  double value = 0;
  return absl::SimpleAtod(Get("seconds"), &value) ? value : 0;
}

}  // namespace vios::testing
