// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "channel/errno_status.h"
#include "channel/escape.h"
#include "channel/unique_fd.h"

namespace vios {
namespace {

// A file that brings in itself would never end.
constexpr int kMaxDepth = 10;
constexpr char kByteOrderMark[] = "\xef\xbb\xbf";  // Some editors' UTF-8.

// gflags would read a file that the environment names, unchecked.
absl::Status CheckEnvironment(const Arguments::Flag& flag) {
  const std::vector<absl::string_view> names = absl::StrSplit(flag.value, ',');
  if (!absl::EndsWith(flag.name, "fromenv") ||
      std::find(names.begin(), names.end(), "flagfile") == names.end()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--", flag.name, "=", Escape(flag.value, 200),
      ": must not have flagfile: give --flagfile on the command line"));
}

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     const std::string& shown) {
  constexpr char kCannot[] = "must be a file that can be read";
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return ErrnoStatus(shown, kCannot);
  std::string text;
  std::array<char, 4096> piece;
  while (true) {
    const ssize_t size = ::read(file.get(), piece.data(), piece.size());
    if (size == 0) return text;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return ErrnoStatus(shown, kCannot);
    text.append(piece.data(), static_cast<size_t>(size));
  }
}

class Expansion {
 public:
  Expansion(const KindOfFlag& kind_of, const std::string* undefok)
      : kind_of_(kind_of),
        undefok_(absl::StrCat("--undefok=", undefok ? *undefok : "")) {}

  absl::Status Take(const Arguments::Flag& flag, int depth = 0) {
    if (flag.name != "flagfile") {
      absl::Status status = CheckEnvironment(flag);
      if (status.ok()) flags_.push_back(flag);
      return status;
    }
    for (const absl::string_view path : absl::StrSplit(flag.value, ',')) {
      absl::Status status = TakeFile(std::string(path), depth);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  std::vector<Arguments::Flag>& flags() { return flags_; }

 private:
  absl::Status TakeFile(const std::string& path, int depth) {
    const std::string shown =
        absl::StrCat("--flagfile=", Escape(path, 200), ":");
    if (depth > kMaxDepth) {
      return absl::InvalidArgumentError(
          absl::StrCat(shown, " must not bring in itself"));
    }
    const absl::StatusOr<std::string> text = ReadFile(path, shown);
    if (!text.ok()) return text.status();
    int number = 0;
    for (absl::string_view line : absl::StrSplit(*text, '\n')) {
      if (++number == 1) absl::ConsumePrefix(&line, kByteOrderMark);
      const absl::Status status =
          TakeLine(absl::StripAsciiWhitespace(line), depth);
      if (status.ok()) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(shown, " line ", number, ": ", status.message()));
    }
    return absl::OkStatus();
  }

  absl::Status TakeLine(absl::string_view text, int depth) {
    if (text.empty() || text[0] == '#') return absl::OkStatus();
    if (text[0] != '-' || text.find_first_not_of('-') == text.npos) {
      return absl::InvalidArgumentError(
          absl::StrCat(Escape(text, 200), ": must begin with --"));
    }
    const absl::StatusOr<Arguments> scanned =
        ScanArguments({undefok_, std::string(text)}, kind_of_);
    if (!scanned.ok()) return scanned.status();
    // Behind --undefok there is the line's flag, unless that one lists it.
    if (scanned->flags.size() < 2) return absl::OkStatus();
    return Take(scanned->flags[1], depth + 1);
  }

  const KindOfFlag& kind_of_;
  const std::string undefok_;
  std::vector<Arguments::Flag> flags_;
};

}  // namespace

absl::Status ExpandFlagFiles(const KindOfFlag& kind_of, Arguments& arguments) {
  Expansion expansion(kind_of, arguments.Find("undefok"));
  for (const Arguments::Flag& flag : arguments.flags) {
    absl::Status status = expansion.Take(flag);
    if (!status.ok()) return status;
  }
  arguments.flags = std::move(expansion.flags());
  return absl::OkStatus();
}

}  // namespace vios
