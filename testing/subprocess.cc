// SPDX-License-Identifier: Apache-2.0
#include "testing/subprocess.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "channel/refuse_call.h"

namespace vios {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool BecomeUser(uid_t uid) {
  return uid == 0 ||
         (::setgroups(0, nullptr) == 0 && ::setresgid(uid, uid, uid) == 0 &&
          ::setresuid(uid, uid, uid) == 0);
}

bool TakeLimits(const std::vector<Subprocess::Limit>& limits) {
  for (const Subprocess::Limit& limit : limits) {
    const auto resource = static_cast<__rlimit_resource>(limit.resource);
    rlimit wanted = {};
    if (::getrlimit(resource, &wanted) != 0) return false;
    wanted.rlim_cur = limit.value;
    if (limit.hard) wanted.rlim_max = limit.value;
    if (::setrlimit(resource, &wanted) != 0) return false;
  }
  return true;
}

bool TakeRefusals(const std::vector<Subprocess::Refusal>& refusals) {
  return std::all_of(refusals.begin(), refusals.end(), [](const auto& one) {
    return RefuseCall(one.call, one.error);
  });
}

// In the child, where only system calls are safe. The binary is open already:
// the other user may not reach its path.
[[noreturn]] void Become(int binary, char** args, char** env,
                         const Subprocess::Options& options, int out, int err) {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::setpgid(0, 0) == 0 && ::dup2(out, STDOUT_FILENO) >= 0 &&
      ::dup2(err, STDERR_FILENO) >= 0 && BecomeUser(options.uid) &&
      ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && TakeLimits(options.limits) &&
      TakeRefusals(options.refusals)) {
    ::fexecve(binary, args, env);
  }
  ::_exit(127);
}

void ReadAll(UniqueFd& pipe, std::string& text) {
  std::array<char, 4096> buffer;
  while (pipe.ok()) {
    const ssize_t n = ::read(pipe.get(), buffer.data(), buffer.size());
    if (n < 0 && IsTransient(errno)) return;
    if (n <= 0) return pipe.Reset();
    text.append(buffer.data(), static_cast<size_t>(n));
  }
}

absl::StatusOr<std::pair<UniqueFd, UniqueFd>> OpenPipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return ErrnoStatus("pipe", "subprocess");
  std::pair<UniqueFd, UniqueFd> pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  // Our end only: the daemon's stderr is as blocking as everybody's.
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return pipe;
  return ErrnoStatus("fcntl", "subprocess");
}

}  // namespace

absl::Status Subprocess::OpenPipes(UniqueFd& out_end, UniqueFd& err_end) {
  auto out = OpenPipe();
  auto err = OpenPipe();
  if (!out.ok()) return out.status();
  if (!err.ok()) return err.status();
  out_pipe_ = std::move(out->first);
  out_end = std::move(out->second);
  err_pipe_ = std::move(err->first);
  err_end = std::move(err->second);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Subprocess>> Subprocess::Start(
    const std::string& binary, const Options& options) {
  auto process = absl::WrapUnique(new Subprocess);
  auto wakeup = Wakeup::Create(process->cancel_);
  if (!wakeup.ok()) return wakeup.status();
  process->wakeup_ = *std::move(wakeup);
  const UniqueFd program(::open(binary.c_str(), O_RDONLY | O_CLOEXEC));
  if (!program.ok()) return ErrnoStatus("open", binary);
  UniqueFd out, err;
  absl::Status status = process->OpenPipes(out, err);
  if (!status.ok()) return status;
  std::vector<std::string> args = {binary}, env = options.env;
  args.insert(args.end(), options.args.begin(), options.args.end());
  const std::vector<char*> arg_pointers = Pointers(args);
  const std::vector<char*> env_pointers = Pointers(env);
  process->pid_ = ::fork();
  if (process->pid_ < 0) return ErrnoStatus("fork", binary);
  if (process->pid_ == 0) {
    Become(program.get(), const_cast<char**>(arg_pointers.data()),
           const_cast<char**>(env_pointers.data()), options, out.get(),
           err.get());
  }
  process->process_ =
      UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, process->pid_, 0)));
  if (!process->process_.ok()) return ErrnoStatus("pidfd_open", binary);
  return process;
}

Subprocess::~Subprocess() {
  if (pid_ <= 0 || reaped_) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // It may not have its group yet.
  ::waitpid(pid_, nullptr, 0);
}

void Subprocess::Signal(int signal) const {
  if (pid_ > 0 && !reaped_) ::kill(pid_, signal);
}

absl::StatusOr<bool> Subprocess::Step(Deadline deadline) {
  std::array<pollfd, 3> wanted = {{{out_pipe_.get(), POLLIN, 0},
                                   {err_pipe_.get(), POLLIN, 0},
                                   {process_.get(), POLLIN, 0}}};
  absl::Status status = WaitAny(absl::MakeSpan(wanted), deadline, *wakeup_);
  if (!status.ok()) return status;
  ReadAll(out_pipe_, out_);
  ReadAll(err_pipe_, err_);
  return wanted[2].revents == 0;
}

size_t Subprocess::unread_err() const {
  int unread = 0;
  if (::ioctl(err_pipe_.get(), FIONREAD, &unread) != 0) return 0;
  return static_cast<size_t>(unread);
}

absl::Status Subprocess::AwaitStderr(absl::string_view text,
                                     Deadline deadline) {
  while (!absl::StrContains(err_, text)) {
    const absl::StatusOr<bool> running = Step(deadline);
    if (running.ok() && *running) continue;
    if (absl::StrContains(err_, text)) break;
    const std::string seen =
        absl::StrCat("no \"", text, "\" on stderr: ", err_);
    return running.ok() ? absl::OutOfRangeError(seen)
                        : absl::Status(running.status().code(), seen);
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Subprocess::Wait(Deadline deadline) {
  while (true) {
    const absl::StatusOr<bool> running = Step(deadline);
    if (!running.ok()) {
      return absl::Status(running.status().code(),
                          absl::StrCat("still runs: ", err_));
    }
    if (!*running) break;
  }
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return ErrnoStatus("waitpid", "");
  reaped_ = true;
  ReadAll(out_pipe_, out_);
  ReadAll(err_pipe_, err_);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace vios
