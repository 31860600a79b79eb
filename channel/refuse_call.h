// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_REFUSE_CALL_H_
#define VIOS_PROXY_CHANNEL_REFUSE_CALL_H_

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>
#include <iterator>

namespace vios {

// What poll() calls: newer architectures, such as arm64, have but the other.
#ifdef SYS_poll
inline constexpr int kPollCall = SYS_poll;
#else
inline constexpr int kPollCall = SYS_ppoll;
#endif

// For tests: from here on every system call `call` (SYS_...) of this process,
// and of what it executes, fails with `error`. There is no way back: use it in
// a child. Only makes system calls. False when the kernel will not do it.
inline bool RefuseCall(int call, int error) {
  const auto number = static_cast<unsigned>(call);
  const auto refusal = SECCOMP_RET_ERRNO | static_cast<unsigned>(error);
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, refusal),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter = {std::size(program), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_REFUSE_CALL_H_
