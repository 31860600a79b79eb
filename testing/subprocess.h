// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_SUBPROCESS_H_
#define VIOS_PROXY_TESTING_SUBPROCESS_H_

#include <sys/resource.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios {

// A program of ours that a test runs. Unless it was waited for, it dies with
// the object, and so does what it has started; it dies with the thread that
// started it, too. For one thread.
class Subprocess {
 public:
  // As for setrlimit(): RLIMIT_NOFILE, RLIMIT_AS, ... The soft one alone unless
  // `hard`, which only root can lift again.
  struct Limit {
    int resource;
    rlim_t value;
    bool hard = false;
  };
  // A system call (SYS_...) that fails with `error`.
  struct Refusal {
    int call;
    int error;
  };
  struct Options {
    std::vector<std::string> args;  // Without the program's name.
    std::vector<std::string> env;   // "NAME=value"; nothing is inherited.
    uid_t uid = 0;                  // Runs as another user unless 0.
    std::vector<Limit> limits;
    std::vector<Refusal> refusals;
  };

  static absl::StatusOr<std::unique_ptr<Subprocess>> Start(
      const std::string& binary, const Options& options);
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;
  ~Subprocess();

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // Reads on until stderr contains `text`. DEADLINE_EXCEEDED, or OUT_OF_RANGE
  // when the process ended without it; the message shows stderr.
  absl::Status AwaitStderr(absl::string_view text, Deadline deadline);

  // Until the end: its exit status, or 128 and the signal that killed it.
  absl::StatusOr<int> Wait(Deadline deadline);
  // What has been read so far.
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  // How many bytes of its stderr have not been read.
  size_t unread_err() const;

 private:
  Subprocess() = default;
  // Waits for output or the end, and reads it; false at the end.
  absl::StatusOr<bool> Step(Deadline deadline);
  absl::Status OpenPipes(UniqueFd& out_end, UniqueFd& err_end);

  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_;
  pid_t pid_ = -1;
  bool reaped_ = false;
  UniqueFd process_;  // A pidfd.
  UniqueFd out_pipe_, err_pipe_;
  std::string out_, err_;
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_SUBPROCESS_H_
