// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_GUEST_CHILDREN_H_
#define VIOS_PROXY_TESTING_VM_GUEST_CHILDREN_H_

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace vios::testing {

// The commands that one process runs. It has one thread and has blocked
// SIGCHLD; whoever ends is reaped during the next wait, whichever that is for.
// Output goes to files, so nobody has to read while they run.
class Children {
 public:
  // Runs `command` in a shell and a process group of its own, stdin empty;
  // both paths may be the same file.
  absl::StatusOr<pid_t> Start(const std::string& command,
                              const std::string& out_path,
                              const std::string& err_path);

  // Waits for the end of a child: "exit N" or "signal N", told once. Nothing
  // after `limit`.
  std::optional<std::string> Wait(pid_t pid, absl::Duration limit);

  // As Wait(), but after `limit` kills the child's whole process group and
  // says "timeout".
  std::string WaitOrKill(pid_t pid, absl::Duration limit);

 private:
  void Reap();

  std::map<pid_t, std::string> ends_;  // Of those reaped and not yet told.
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_GUEST_CHILDREN_H_
