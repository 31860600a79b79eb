// SPDX-License-Identifier: Apache-2.0
#include "proxy/journal.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace vios {
namespace {

using Priority = std::pair<absl::string_view, absl::string_view>;

// ALERT is always shown, and says that a daemon started or stopped: no reason
// to call anybody.
constexpr std::array<Priority, 8> kPriorities = {{
    {"FATAL", "<2>"},
    {"ERROR", "<3>"},
    {"WARN", "<4>"},
    {"WARNING", "<4>"},
    {"ALERT", "<5>"},
    {"NOTICE", "<5>"},
    {"INFO", "<6>"},
    {"DEBUG", "<7>"},
}};

}  // namespace

bool IsJournal(int fd) {
  const char* const stream = ::getenv("JOURNAL_STREAM");
  struct stat file = {};
  return stream != nullptr && ::fstat(fd, &file) == 0 &&
         absl::StrCat(file.st_dev, ":", file.st_ino) == stream;
}

absl::string_view JournalPriority(absl::string_view severity) {
  for (const auto& [name, priority] : kPriorities) {
    if (name == severity) return priority;
  }
  return "<6>";
}

}  // namespace vios
