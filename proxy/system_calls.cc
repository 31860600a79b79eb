// SPDX-License-Identifier: Apache-2.0
#include "proxy/system_calls.h"

#include <sys/syscall.h>

namespace vios {
namespace {

constexpr int kAtAllTimes[] = {
    // Relaying, waiting, and waking each other.
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_recvfrom,
    SYS_sendto,
    SYS_recvmsg,
    SYS_sendmsg,
    SYS_ppoll,
    SYS_futex,
    SYS_close,
    SYS_epoll_create1,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_epoll_pwait2,
    SYS_eventfd2,
    SYS_pipe2,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_rt_sigtimedwait,
    SYS_restart_syscall,
    SYS_sched_yield,
    // Dialling the service, connecting to channels, dropping visitors.
    SYS_connect,
    SYS_accept4,
    SYS_shutdown,
    SYS_getsockopt,
    SYS_setsockopt,
    SYS_getsockname,
    SYS_getpeername,
    // Looking at directories.
    SYS_openat,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_getdents64,
    SYS_fcntl,
    SYS_lseek,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_readlinkat,
    SYS_inotify_init1,
    SYS_inotify_add_watch,
    SYS_inotify_rm_watch,
    // Memory.
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    // Threads that begin and end, and signals.
    SYS_set_robust_list,
    SYS_rseq,
    SYS_exit,
    SYS_exit_group,
    SYS_gettid,
    SYS_getpid,
    SYS_sched_getaffinity,
    SYS_sched_getscheduler,  // Both: of a thread that waits for an absl::Mutex.
    SYS_sched_getparam,
    SYS_membarrier,
    SYS_rt_sigprocmask,
    SYS_rt_sigaction,
    SYS_rt_sigreturn,
    SYS_rt_sigpending,
    SYS_sigaltstack,
    // What we and the libraries ask about the process and the machine.
    SYS_getrusage,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrandom,
    SYS_uname,
    SYS_sysinfo,
    // The stack that a failed CHECK shows.
    SYS_mincore,
    SYS_pread64,
#ifdef __x86_64__
    SYS_poll,
    SYS_epoll_wait,
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_getrlimit,
    SYS_time,
#endif
};

// Net link sockets, DNS by UDP, and loading the libraries of the name service.
constexpr int kForNames[] = {SYS_bind, SYS_recvmmsg, SYS_sendmmsg};

constexpr int kToRemoveFiles[] = {
    SYS_unlinkat,
#ifdef __x86_64__
    SYS_unlink,
#endif
};

// Links to the latest file, files that have grown too long, pages that need not
// be cached; old files are removed by the calls above.
constexpr int kForLogFiles[] = {
    SYS_symlinkat,
    SYS_fadvise64,
    SYS_ftruncate,
#ifdef __x86_64__
    SYS_symlink,
#endif
};

}  // namespace

absl::Span<const int> CallsAtAllTimes() { return kAtAllTimes; }
absl::Span<const int> CallsForNames() { return kForNames; }
absl::Span<const int> CallsForLogFiles() { return kForLogFiles; }
absl::Span<const int> CallsToRemoveFiles() { return kToRemoveFiles; }

}  // namespace vios
