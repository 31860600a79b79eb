// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_PROCESS_H_
#define VIOS_PROXY_TESTING_VM_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/vm/figures.h"

namespace vios::testing {

// A child process on the host. Its output goes to a file, so it never blocks
// on us. Unless it was waited for, it is killed when the object is destroyed,
// and so is what it has started; it is killed, too, when the thread that
// started it ends, however that happens. Not thread-safe.
class Process {
 public:
  // Runs `argv` (argv[0] a path, or a name to be found in PATH) with stdin
  // empty, stdout and stderr appended to the file `log`. An argv that cannot
  // be run exits 127.
  static absl::StatusOr<std::unique_ptr<Process>> Start(
      std::vector<std::string> argv, const std::string& log);
  ~Process();

  pid_t pid() const { return pid_; }
  bool running();
  void Signal(int signal);
  // Waits for the end. The exit status, or 128 + the signal as in a shell;
  // nothing when it is still running after `limit`.
  std::optional<int> Wait(absl::Duration limit);
  // All the output so far.
  std::string Log() const;
  bool AwaitLog(const std::string& text, absl::Duration limit) const;
  absl::StatusOr<Figures> ReadFigures() const;

 private:
  Process(pid_t pid, std::string log);

  const pid_t pid_;
  const std::string log_;
  std::optional<int> status_;  // Set once it has been reaped.
};

// The contents of a small file, empty when there is none.
std::string FileText(const std::string& path);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_PROCESS_H_
