// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/guest_children.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "channel/deadline.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"

namespace vios::testing {
namespace {

UniqueFd OpenForOutput(const std::string& path) {
  return UniqueFd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

// In the child, between fork and exec.
[[noreturn]] void Become(const char* command, int in, int out, int err) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execl("/bin/sh", "sh", "-c", command, nullptr);
  ::_exit(127);
}

std::string EndOf(int status) {
  return WIFEXITED(status) ? absl::StrCat("exit ", WEXITSTATUS(status))
                           : absl::StrCat("signal ", WTERMSIG(status));
}

void AwaitSigchld(absl::Duration limit) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  const timespec timeout = absl::ToTimespec(limit);
  ::sigtimedwait(&child, nullptr, &timeout);
}

}  // namespace

absl::StatusOr<pid_t> Children::Start(const std::string& command,
                                      const std::string& out_path,
                                      const std::string& err_path) {
  const UniqueFd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd out = OpenForOutput(out_path);
  if (!out.ok()) return ErrnoStatus("open", out_path);
  const UniqueFd err = OpenForOutput(err_path);
  if (!err.ok()) return ErrnoStatus("open", err_path);
  const pid_t pid = ::fork();
  if (pid < 0) return ErrnoStatus("fork", command);
  if (pid == 0) Become(command.c_str(), in.get(), out.get(), err.get());
  ends_.erase(pid);     // Of a former child with this number.
  ::setpgid(pid, pid);  // In both, so that it is so for both.
  return pid;
}

void Children::Reap() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
    ends_[pid] = EndOf(status);
  }
}

std::optional<std::string> Children::Wait(pid_t pid, absl::Duration limit) {
  const Deadline deadline = Deadline::After(limit);
  while (true) {
    Reap();
    const auto end = ends_.find(pid);
    if (end != ends_.end()) {
      std::string text = std::move(end->second);
      ends_.erase(end);
      return text;
    }
    if (deadline.passed()) return std::nullopt;
    AwaitSigchld(deadline.remaining());
  }
}

std::string Children::WaitOrKill(pid_t pid, absl::Duration limit) {
  const std::optional<std::string> end = Wait(pid, limit);
  if (end) return *end;
  ::kill(-pid, SIGKILL);
  Wait(pid, absl::Hours(1));  // Ends at once: nobody outlives SIGKILL.
  return "timeout";
}

}  // namespace vios::testing
