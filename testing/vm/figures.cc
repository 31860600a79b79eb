// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/figures.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace vios::testing {
namespace {

// /proc counts in these; the kernel's interface has always used 100 a second.
constexpr int kMsPerTick = 10;
// Fields of /proc/PID/stat, counted from 0 behind the name's ')'.
constexpr size_t kUserTicks = 11;
constexpr size_t kSystemTicks = 12;

// The number behind `name` in the lines of /proc/PID/status.
bool StatusLine(absl::string_view line, absl::string_view name, int* value) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  return words.size() >= 2 && words[0] == name &&
         absl::SimpleAtoi(words[1], value);
}

bool CpuTime(absl::string_view line, int* cpu_ms) {
  const size_t name_end = line.rfind(") ");
  if (name_end == absl::string_view::npos) return false;
  const std::vector<absl::string_view> words =
      absl::StrSplit(line.substr(name_end + 2), ' ');
  int user = 0;
  int system = 0;
  if (words.size() <= kSystemTicks ||
      !absl::SimpleAtoi(words[kUserTicks], &user) ||
      !absl::SimpleAtoi(words[kSystemTicks], &system)) {
    return false;
  }
  *cpu_ms = (user + system) * kMsPerTick;
  return true;
}

}  // namespace

std::string FiguresCommand(const std::string& pid) {
  return absl::StrCat("cd /proc/", pid,
                      " && echo fds: $(ls fd | wc -l) && cat status stat");
}

absl::StatusOr<Figures> ParseFigures(absl::string_view output) {
  Figures figures;
  int found = 0;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    found += StatusLine(line, "fds:", &figures.descriptors);
    found += StatusLine(line, "Threads:", &figures.threads);
    found += StatusLine(line, "VmRSS:", &figures.resident_kib);
    found += CpuTime(line, &figures.cpu_ms);
  }
  if (found == 4) return figures;
  return absl::NotFoundError(
      absl::StrCat("not the figures of a live process: ", output));
}

}  // namespace vios::testing
