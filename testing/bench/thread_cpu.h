// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_THREAD_CPU_H_
#define VIOS_PROXY_TESTING_BENCH_THREAD_CPU_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

// What the threads of one kind have used since they began.
struct ThreadCpu {
  int threads = 0;
  double seconds = 0;
  friend bool operator==(const ThreadCpu&, const ThreadCpu&) = default;
};

// By the kind of thread: its name up to a ':' ("up:3" is an "up").
using CpuByKind = std::map<std::string, ThreadCpu>;

// Of all threads that the process `pid` has now, to the nanosecond where the
// kernel keeps that (/proc/PID/task/TID/schedstat). Fails when it does not.
absl::StatusOr<CpuByKind> ReadThreadCpu(pid_t pid);

// What the whole process has used, in seconds, those of its threads included
// that have ended: one look, where there are too many threads to read of each
// at the same moment. Fails when there is no such process.
absl::StatusOr<double> ReadProcessCpu(pid_t pid);

// The seconds of all kinds.
double TotalSeconds(const CpuByKind& cpu);
// The seconds of one; 0 without any.
double SecondsOf(const CpuByKind& cpu, const std::string& kind);

std::string KindOfThread(absl::string_view name);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_THREAD_CPU_H_
