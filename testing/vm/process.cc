// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void Become(char* const* argv, int input, int output,
                         pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // It died before the prctl.
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(argv[0], argv);
  ::_exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

int ShellStatus(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Process>> Process::Start(
    std::vector<std::string> argv, const std::string& log) {
  const UniqueFd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd output(
      ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!output.ok()) return ErrnoStatus("open", log);
  const std::vector<char*> pointers = Pointers(argv);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return ErrnoStatus("fork", argv[0]);
  if (pid == 0) Become(pointers.data(), input.get(), output.get(), parent);
  ::setpgid(pid, pid);  // Whoever of the two comes first.
  return std::unique_ptr<Process>(new Process(pid, log));
}

Process::Process(pid_t pid, std::string log)
    : pid_(pid), log_(std::move(log)) {}

// Behind its end the number of its group may be somebody else's.
Process::~Process() {
  if (!status_) ::kill(-pid_, SIGKILL);
  Wait(absl::Seconds(30));
}

bool Process::running() { return !Wait(absl::ZeroDuration()).has_value(); }

void Process::Signal(int signal) {
  if (!status_) ::kill(pid_, signal);
}

std::optional<int> Process::Wait(absl::Duration limit) {
  Eventually(limit, [this] {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = ShellStatus(status);
    }
    return status_.has_value();
  });
  return status_;
}

std::string Process::Log() const { return FileText(log_); }

bool Process::AwaitLog(const std::string& text, absl::Duration limit) const {
  return Eventually(limit, [&] { return absl::StrContains(Log(), text); });
}

absl::StatusOr<Figures> Process::ReadFigures() const {
  const std::string command = FiguresCommand(absl::StrCat(pid_));
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return ErrnoStatus("popen", command);
  std::string output(16384, '\0');
  output.resize(std::fread(output.data(), 1, output.size(), pipe));
  ::pclose(pipe);
  return ParseFigures(output);
}

std::string FileText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace vios::testing
