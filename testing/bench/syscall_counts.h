// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SYSCALL_COUNTS_H_
#define VIOS_PROXY_TESTING_BENCH_SYSCALL_COUNTS_H_

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios::testing {

// How often each system call was made, by name.
using SyscallCounts = std::map<std::string, int>;

// What all threads of the process `pid` call while `work` runs; blocks, at most
// half a minute beyond it. Needs strace and the right to trace.
absl::StatusOr<SyscallCounts> CountSyscalls(pid_t pid,
                                            const std::function<void()>& work);

// The table of `strace -c`.
SyscallCounts ParseStraceTable(absl::string_view table);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SYSCALL_COUNTS_H_
