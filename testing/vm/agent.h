// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_AGENT_H_
#define VIOS_PROXY_TESTING_VM_AGENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "testing/vm/agent_wire.h"
#include "testing/vm/stream.h"

namespace vios::testing {

// How a command in the guest ended.
struct CommandResult {
  std::string end;  // "exit N", "signal N" or "timeout" (killed for it).
  std::string out;
  std::string err;

  bool ok() const { return end == "exit 0"; }
};

// A command in the guest that goes on while the test does other things.
struct Job {
  std::string handle;  // Its process id.
  std::string log;     // The file in the guest that gets its output.
};

// The test's end of the agent in a guest. Every call ends: with what the agent
// says, or with DEADLINE_EXCEEDED when the guest says nothing for long beyond
// the command's own limit. Not thread-safe.
class Agent {
 public:
  explicit Agent(std::unique_ptr<Stream> line) : line_(std::move(line)) {}

  // Until the agent of a guest that boots has said hello.
  absl::Status AwaitHello(Deadline deadline);

  // Runs `command` in a shell; killed with all it started after `limit`.
  absl::StatusOr<CommandResult> Run(const std::string& command,
                                    absl::Duration limit);
  // `command` is one program with arguments: signals go to it, not to a shell.
  absl::StatusOr<Job> Start(const std::string& command);
  absl::Status Signal(const Job& job, int signal);
  // The end of `job`, "running" after `limit`. Ask no more after an end.
  absl::StatusOr<std::string> Wait(const Job& job, absl::Duration limit);
  absl::StatusOr<std::string> ReadFile(const std::string& path);
  absl::Status WriteFile(const std::string& path, absl::string_view bytes);

 private:
  absl::StatusOr<Fields> Ask(const Fields& request, size_t answer_fields,
                             absl::Duration limit = absl::ZeroDuration());

  const std::unique_ptr<Stream> line_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_AGENT_H_
