// SPDX-License-Identifier: Apache-2.0
#include "testing/inject_call.h"

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"

namespace vios {

#ifdef __x86_64__
namespace {

constexpr unsigned long kFarBelowTheStack = 4096;
constexpr unsigned long kSizeOfSyscall = 2;
constexpr long kSyscall = 0x050f;

bool AwaitTrap(pid_t thread) {
  int status = 0;
  return ::waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status);
}

bool IsBehindSyscall(pid_t thread, unsigned long rip) {
  const long word = ::ptrace(PTRACE_PEEKTEXT, thread, rip - kSizeOfSyscall, 0);
  return (word & 0xffff) == kSyscall;
}

// Into its memory at `to`, word by word.
bool Poke(pid_t thread, unsigned long to, const std::string& text) {
  for (size_t i = 0; i <= text.size(); i += sizeof(long)) {
    long word = 0;
    std::memcpy(&word, text.c_str() + i,
                std::min(sizeof word, text.size() - i));
    if (::ptrace(PTRACE_POKEDATA, thread, to + i, word) != 0) return false;
  }
  return true;
}

// Of a thread that is stopped behind a system call. Leaves it stopped.
absl::StatusOr<long> CallInstead(pid_t thread, user_regs_struct registers,
                                 long call, const std::string& path) {
  const unsigned long text = (registers.rsp - kFarBelowTheStack) & ~15UL;
  registers.rip -= kSizeOfSyscall;
  registers.orig_rax = ~0UL;  // Nothing is to be restarted.
  registers.rax = static_cast<unsigned long>(call);
  registers.rsi = text;
  registers.rdi = registers.rdx = registers.r10 = 0;
  registers.r8 = registers.r9 = 0;
  if (!Poke(thread, text, path) ||
      ::ptrace(PTRACE_SETREGS, thread, 0, &registers) != 0 ||
      ::ptrace(PTRACE_SINGLESTEP, thread, 0, 0) != 0 || !AwaitTrap(thread) ||
      ::ptrace(PTRACE_GETREGS, thread, 0, &registers) != 0) {
    return ErrnoStatus("ptrace", "call");
  }
  return static_cast<long>(registers.rax);
}

}  // namespace

absl::StatusOr<long> InjectCall(pid_t thread, long call,
                                const std::string& path) {
  if (::ptrace(PTRACE_ATTACH, thread, 0, 0) != 0) {
    return ErrnoStatus("ptrace", absl::StrCat(thread));
  }
  const absl::Cleanup detach = [thread] {
    (void)::ptrace(PTRACE_DETACH, thread, 0, 0);
  };
  user_regs_struct registers = {};
  if (!AwaitTrap(thread) ||
      ::ptrace(PTRACE_GETREGS, thread, 0, &registers) != 0) {
    return ErrnoStatus("ptrace", absl::StrCat(thread));
  }
  if (!IsBehindSyscall(thread, registers.rip)) {
    return absl::UnavailableError("is not waiting");
  }
  absl::StatusOr<long> result = CallInstead(thread, registers, call, path);
  (void)::ptrace(PTRACE_SETREGS, thread, 0, &registers);
  return result;
}
#else
absl::StatusOr<long> InjectCall(pid_t, long, const std::string&) {
  return absl::UnimplementedError("no registers for this architecture");
}
#endif

}  // namespace vios
