// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_file.h"

#include <cerrno>
#include <fstream>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "channel/errno_status.h"
#include "channel/escape.h"

namespace vios {
namespace {

// A file that brings in itself would never end.
constexpr int kMaxDepth = 10;

absl::Status CheckFile(const std::string& path, const KindOfFlag& kind_of,
                       const std::string& undefok, int depth);

absl::Status CheckFlag(absl::string_view line, const KindOfFlag& kind_of,
                       const std::string& undefok, int depth) {
  const absl::StatusOr<Arguments> scanned = ScanArguments(
      {std::string(line), absl::StrCat("--undefok=", undefok)}, kind_of);
  if (!scanned.ok()) return scanned.status();
  const std::string* file = scanned->Find("flagfile");
  if (file == nullptr) return absl::OkStatus();
  return CheckFile(*file, kind_of, undefok, depth + 1);
}

absl::Status CheckLines(std::istream& lines, const KindOfFlag& kind_of,
                        const std::string& undefok, int depth, int& number) {
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty() || text[0] == '#') continue;
    if (text[0] == '-') {
      absl::Status status = CheckFlag(text, kind_of, undefok, depth);
      if (!status.ok()) return status;
    } else if (absl::StrContains(text, "=")) {
      return absl::InvalidArgumentError(
          absl::StrCat(Escape(text, 200), ": must begin with --"));
    } else {
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status CheckFile(const std::string& path, const KindOfFlag& kind_of,
                       const std::string& undefok, int depth) {
  const std::string shown = absl::StrCat("--flagfile=", Escape(path, 200), ":");
  if (depth > kMaxDepth) {
    return absl::InvalidArgumentError(
        absl::StrCat(shown, " must not bring in itself"));
  }
  std::ifstream file(path);
  // The first read tells of a directory.
  if (!file || (file.peek() == EOF && file.bad())) {
    return ErrnoStatus(shown, "must be a file that can be read");
  }
  int number = 0;
  const absl::Status status = CheckLines(file, kind_of, undefok, depth, number);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrCat(shown, " line ", number, ": ", status.message()));
}

}  // namespace

absl::Status CheckFlagFile(const std::string& path, const KindOfFlag& kind_of,
                           const std::string& undefok) {
  for (const auto one : absl::StrSplit(path, ',')) {
    absl::Status status = CheckFile(std::string(one), kind_of, undefok, 0);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace vios
