// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/thread_cpu.h"

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/errno_status.h"

namespace vios::testing {

std::string KindOfThread(absl::string_view name) {
  return std::string(name.substr(0, name.find(':')));
}

absl::StatusOr<CpuByKind> ReadThreadCpu(pid_t pid) {
  const std::string tasks = absl::StrCat("/proc/", pid, "/task");
  CpuByKind cpu;
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    std::string name;
    uint64_t nanoseconds = 0;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (!(std::ifstream(task.path() / "schedstat") >> nanoseconds)) continue;
    ThreadCpu& kind = cpu[KindOfThread(name)];
    ++kind.threads;
    kind.seconds += static_cast<double>(nanoseconds) / 1e9;
  }
  if (!cpu.empty()) return cpu;
  return absl::NotFoundError(absl::StrCat("no schedstat in ", tasks));
}

absl::StatusOr<double> ReadProcessCpu(pid_t pid) {
  clockid_t clock = 0;
  timespec used = {};
  // To the system call 0 is the caller, and -1 the clock of another kind.
  int error = pid > 0 ? ::clock_getcpuclockid(pid, &clock) : ESRCH;
  if (error == 0 && ::clock_gettime(clock, &used) != 0) error = errno;
  if (error == 0)
    return absl::ToDoubleSeconds(absl::DurationFromTimespec(used));
  return ErrnoStatus("cpu clock", absl::StrCat("process ", pid), error);
}

double TotalSeconds(const CpuByKind& cpu) {
  double total = 0;
  for (const auto& [kind, used] : cpu) total += used.seconds;
  return total;
}

double SecondsOf(const CpuByKind& cpu, const std::string& kind) {
  const auto found = cpu.find(kind);
  return found == cpu.end() ? 0 : found->second.seconds;
}

}  // namespace vios::testing
