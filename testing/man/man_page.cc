// SPDX-License-Identifier: Apache-2.0
#include "testing/man/man_page.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

constexpr absl::string_view kItem = ".It ";

class Parser {
 public:
  void Take(absl::string_view line) {
    if (line == ".Bl -diag") in_diagnostics_ = true;
    if (line == ".El") in_diagnostics_ = false;
    if (in_diagnostics_) {
      TakeDiagnostic(line);
    } else if (absl::ConsumePrefix(&line, kItem)) {
      TakeFlags(line);
    } else if (absl::ConsumePrefix(&line, ".Pq default ")) {
      TakeDefault(line);
    }
  }
  ManPage page() const { return page_; }

 private:
  void TakeDiagnostic(absl::string_view line) {
    const bool has_level =
        page_.diagnostics.empty() || !page_.diagnostics.back().level.empty();
    if (absl::ConsumePrefix(&line, kItem)) {
      page_.diagnostics.push_back({"", std::string(line)});
    } else if (!has_level) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      page_.diagnostics.back().level = words[0];
    }
  }

  void TakeFlags(absl::string_view line) {
    item_.clear();
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] != "Fl" || !absl::StartsWith(words[i + 1], "-")) continue;
      item_ = words[i + 1].substr(1);
      page_.flags.try_emplace(item_);
    }
  }

  void TakeDefault(absl::string_view text) {
    const std::vector<std::string> words = absl::StrSplit(text, ' ');
    if (item_.empty() || words.empty()) return;
    if (words[0] == "Ql" && words.size() > 1) page_.flags[item_] = words[1];
    if (words[0] == "empty") page_.flags[item_] = "";
  }

  ManPage page_;
  std::string item_;  // The flag that the lines are about, if any.
  bool in_diagnostics_ = false;
};

}  // namespace

ManPage ManPage::Parse(absl::string_view mdoc) {
  Parser parser;
  for (const absl::string_view line : absl::StrSplit(mdoc, '\n')) {
    parser.Take(line);
  }
  return parser.page();
}

}  // namespace vios
