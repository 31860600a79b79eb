// SPDX-License-Identifier: Apache-2.0
#include "proxy/seccomp_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "channel/errno_status.h"
#include "proxy/bpf_program.h"
#include "proxy/system_calls.h"

namespace vios {
namespace {

using Values = std::vector<uint32_t>;

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArchitecture = 0;
#endif

constexpr uint32_t kNameSpaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                 CLONE_NEWNET;

// The calls whose arguments tell whether they are ours.
void AllowByArguments(const SeccompRules& rules, BpfProgram& program) {
  // Threads, no processes, no name spaces. clone3 has its flags where a filter
  // cannot look.
  program.AllowIfBits(SYS_clone, 0, CLONE_THREAD | kNameSpaces, CLONE_THREAD);
  program.Refuse(SYS_clone3, ENOSYS);
  Values families = {AF_UNIX, AF_INET, AF_INET6};
  if (rules.looks_up_names) families.push_back(AF_NETLINK);
  program.AllowIfOneOf(SYS_socket, 0, families);
  // New code is only ever that of libraries, as it is in their files.
  program.AllowIfBits(SYS_mprotect, 2, PROT_EXEC, 0);
  if (rules.looks_up_names) {
    program.AllowIfOneOf(SYS_mmap, 2,
                         {PROT_NONE, PROT_READ, PROT_WRITE,
                          PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC});
  } else {
    program.AllowIfBits(SYS_mmap, 2, PROT_EXEC, 0);
  }
  program.AllowIfOneOf(SYS_prctl, 0, {PR_SET_NAME, PR_GET_NAME});
  program.AllowIfOneOf(SYS_sched_setscheduler, 1, {SCHED_OTHER, SCHED_BATCH});
  // What is a terminal, and what a socket holds; never typing into a terminal.
  program.AllowIfOneOf(SYS_ioctl, 1, {TCGETS, FIONREAD, FIONBIO, TIOCOUTQ});
  // Only reads limits: the address of new ones is null, in both its halves.
  program.AllowIfZero(SYS_prlimit64, 2);
  // Signals only itself, as abort() does.
  program.AllowIfOneOf(SYS_tgkill, 0, {static_cast<uint32_t>(::getpid())});
}

}  // namespace

std::vector<sock_filter> SeccompProgram(const SeccompRules& rules) {
  if (kArchitecture == 0) return {};
  BpfProgram program(kArchitecture, EPERM);
  for (const int call : CallsAtAllTimes()) program.Allow(call);
  if (rules.looks_up_names) {
    for (const int call : CallsForNames()) program.Allow(call);
  }
  if (rules.writes_log_files) {
    for (const int call : CallsForLogFiles()) program.Allow(call);
  }
  if (rules.removes_socket || rules.writes_log_files) {
    for (const int call : CallsToRemoveFiles()) program.Allow(call);
  }
  AllowByArguments(rules, program);
  program.RefuseAbove(kLastKnownCall, ENOSYS);
  return std::move(program).Finish();
}

absl::Status FilterSystemCalls(const SeccompRules& rules) {
  std::vector<sock_filter> program = SeccompProgram(rules);
  if (program.empty()) {
    return absl::UnimplementedError("no filter for this architecture");
  }
  const sock_fprog filter = {static_cast<uint16_t>(program.size()),
                             program.data()};
  const long failed = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                SECCOMP_FILTER_FLAG_TSYNC, &filter);
  if (failed == 0) return absl::OkStatus();
  if (failed < 0) return ErrnoStatus("seccomp", "filter");
  return absl::InternalError("seccomp: a thread has a filter of its own");
}

}  // namespace vios
