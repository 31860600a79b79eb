// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/vm_states.h"

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(120);

// Behind the sleep the agent's serial line swallows what it gets until its chip
// is set up anew, so the console says when that has been done.
constexpr char kSleep[] =
    "echo mem >/sys/power/state; "
    "line=/dev/ttyS1; speed=$(stty -F $line speed); "
    "stty -F $line 1200; stty -F $line $speed; echo slept well >/dev/console";

size_t Sleeps(const Vm& vm) {
  const std::vector<std::string> parts =
      absl::StrSplit(vm.Console(), "slept well");
  return parts.size() - 1;
}

absl::Status AwaitEvent(Vm& vm, const std::string& name) {
  return vm.qmp().AwaitEvent(name, "", Deadline::After(kLimit)).status();
}

// A command of the monitor for people: it says nothing when all went well.
absl::Status Hmp(Vm& vm, const std::string& command) {
  const absl::StatusOr<std::string> answer =
      vm.qmp().Execute("human-monitor-command",
                       absl::StrCat("{\"command-line\":\"", command, "\"}"));
  if (!answer.ok()) return answer.status();
  if (absl::StartsWith(*answer, "{\"return\": \"\"}")) return absl::OkStatus();
  return absl::UnknownError(absl::StrCat(command, ": ", *answer));
}

}  // namespace

absl::Status Suspend(Vm& vm) {
  const absl::Status asked =
      vm.agent().Start(absl::StrCat("sh -c '", kSleep, "'")).status();
  return asked.ok() ? AwaitEvent(vm, "SUSPEND") : asked;
}

absl::Status WakeUp(Vm& vm) {
  const size_t sleeps = Sleeps(vm);
  const absl::Status asked = vm.qmp().Execute("system_wakeup").status();
  if (!asked.ok()) return asked;
  if (Eventually(kLimit, [&] { return Sleeps(vm) > sleeps; })) {
    return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the guest does not wake up");
}

absl::Status SaveSnapshot(Vm& vm, const std::string& tag) {
  return Hmp(vm, "savevm " + tag);
}

absl::Status LoadSnapshot(Vm& vm, const std::string& tag) {
  return Hmp(vm, "loadvm " + tag);
}

absl::Status Migrate(Vm& from, const std::string& uri) {
  const absl::Status asked =
      from.qmp()
          .Execute("migrate", absl::StrCat("{\"uri\":\"", uri, "\"}"))
          .status();
  if (!asked.ok()) return asked;
  std::string last;
  const bool done = Eventually(kLimit, [&] {
    last = from.qmp().Execute("query-migrate").value_or("no answer");
    return absl::StrContains(last, "\"status\": \"completed\"") ||
           absl::StrContains(last, "\"status\": \"failed\"");
  });
  if (done && absl::StrContains(last, "completed")) return absl::OkStatus();
  return absl::UnknownError("migrate: " + last);
}

}  // namespace vios::testing
