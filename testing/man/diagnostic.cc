// SPDX-License-Identifier: Apache-2.0
#include "testing/man/diagnostic.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

constexpr char kAny[] = "...";

// Takes a string literal off the front of `source`, which begins with a quote.
std::string TakeLiteral(absl::string_view& source) {
  std::string text;
  size_t i = 1;
  for (; i < source.size() && source[i] != '"'; ++i) {
    if (source[i] == '\\') ++i;
    text += source[i];
  }
  source.remove_prefix(std::min(source.size(), i + 1));
  return text;
}

// Drops `(...)`, with all that is nested in it.
void DropParentheses(absl::string_view& source) {
  int depth = 0;
  while (!source.empty()) {
    const char c = source[0];
    if (c == '"') {
      (void)TakeLiteral(source);
      continue;
    }
    source.remove_prefix(1);
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return;
  }
}

// The literals of a statement, up to its semicolon, and kAny for what is
// between them.
std::string TextOfStatement(absl::string_view source) {
  while (absl::ConsumePrefix(&source, ".With")) {
    DropParentheses(source);
    source = absl::StripLeadingAsciiWhitespace(source);
  }
  for (const absl::string_view start : {".Tell(", "absl::StrCat("}) {
    absl::ConsumePrefix(&source, start);
  }
  std::string text;
  while (!source.empty() && source[0] != ';') {
    if (source[0] == '"') {
      text += TakeLiteral(source);
      continue;
    }
    const bool is_glue = absl::ascii_isspace(source[0]) || source[0] == '<';
    if (!is_glue && !absl::EndsWith(text, kAny)) text += kAny;
    source.remove_prefix(1);
  }
  return text;
}

// Calls `take` with what follows each `start` in `source`.
template <typename Take>
void ForEach(absl::string_view source, absl::string_view start,
             const Take& take) {
  for (size_t at = source.find(start); at != source.npos;
       at = source.find(start, at + 1)) {
    take(source.substr(at + start.size()));
  }
}

bool LooksLikeStatusText(absl::string_view text) {
  if (absl::StartsWith(text, "fcntl(")) {
    return absl::StrContains(text, " on host channel");
  }
  const size_t space = text.find(' ');
  if (space == text.npos || !absl::ascii_isupper(text[0])) return false;
  const bool is_word =
      std::all_of(text.begin() + 1, text.begin() + space, absl::ascii_islower);
  return is_word && !absl::StrContains(text, ',') &&
         (absl::EndsWith(text, ":") || absl::EndsWith(text, " ") ||
          absl::EndsWith(text, "1..65535"));
}

}  // namespace

bool Tells(const Diagnostic& entry, const Diagnostic& said) {
  if (!said.level.empty() && entry.level != said.level) return false;
  size_t at = 0;
  bool anywhere = false;
  for (const absl::string_view piece : absl::StrSplit(entry.text, kAny)) {
    const size_t found = said.text.find(piece.data(), at, piece.size());
    if (found == std::string::npos || (!anywhere && found != at)) return false;
    at = found + piece.size();
    anywhere = true;
  }
  return true;
}

std::vector<std::string> FixedPieces(absl::string_view text) {
  std::vector<std::string> pieces;
  for (const absl::string_view piece : absl::StrSplit(text, kAny)) {
    const absl::string_view words = absl::StripAsciiWhitespace(piece);
    if (!words.empty()) pieces.emplace_back(words);
  }
  return pieces;
}

std::vector<Diagnostic> LoggedBy(absl::string_view source) {
  std::vector<Diagnostic> found;
  // In two pieces, for this file logs nothing itself.
  ForEach(source,
          "VIOS_LOG"
          "(k",
          [&found](absl::string_view rest) {
            const size_t end = rest.find(')');
            const std::string level =
                absl::AsciiStrToUpper(rest.substr(0, end));
            if (level == "DEBUG" || end == rest.npos) return;
            rest.remove_prefix(end + 1);
            rest = absl::StripLeadingAsciiWhitespace(rest);
            found.push_back({level, TextOfStatement(rest)});
          });
  ForEach(source, "FatalExit(", [&found](absl::string_view rest) {
    if (absl::StartsWith(rest, "absl::string_view"))
      return;  // Its declaration.
    found.push_back({"FATAL", TextOfStatement(rest)});
  });
  return found;
}

std::vector<Diagnostic> StatusTextsOf(absl::string_view source) {
  std::vector<Diagnostic> found;
  for (const absl::string_view line : absl::StrSplit(source, '\n')) {
    if (absl::StrContains(line, "#include")) continue;
    for (size_t at = line.find('"'); at != line.npos;) {
      absl::string_view rest = line.substr(at);
      const std::string text = TakeLiteral(rest);
      if (LooksLikeStatusText(text)) found.push_back({"", text});
      at = line.find('"', line.size() - rest.size());
    }
  }
  return found;
}

}  // namespace vios
