// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/syscall_counts.h"

#include <csignal>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "testing/vm/process.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);
// % time, seconds, usecs/call, calls, errors if there were any, syscall.
constexpr size_t kCallsColumn = 3;
constexpr size_t kLeastColumns = 5;

}  // namespace

absl::StatusOr<SyscallCounts> CountSyscalls(pid_t pid,
                                            const std::function<void()>& work) {
  const ScratchDir dir;
  const std::string table = dir / "table";
  auto strace = Process::Start(
      {"strace", "-f", "-c", "-o", table, "-p", absl::StrCat(pid)},
      dir / "log");
  if (!strace.ok()) return strace.status();
  if (!(*strace)->AwaitLog("attached", kLimit)) {
    return absl::UnavailableError("strace: " + (*strace)->Log());
  }
  work();
  (*strace)->Signal(SIGINT);
  if (!(*strace)->Wait(kLimit).has_value()) {
    return absl::DeadlineExceededError("strace does not end");
  }
  return ParseStraceTable(FileText(table));
}

SyscallCounts ParseStraceTable(absl::string_view table) {
  SyscallCounts counts;
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    int calls = 0;
    if (words.size() < kLeastColumns || words.back() == "total" ||
        !absl::SimpleAtoi(words[kCallsColumn], &calls)) {
      continue;
    }
    counts[std::string(words.back())] = calls;
  }
  return counts;
}

}  // namespace vios::testing
