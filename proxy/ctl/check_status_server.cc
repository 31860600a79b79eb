// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_status_server.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace vios {
namespace {

std::string WhoFails(const std::string& program,
                     const std::optional<Process>& owner,
                     const ProcessList& processes) {
  if (owner) return absl::StrCat(owner->ToString(), " does not answer");
  if (processes.Running(program).empty()) return "no daemon answers";
  return absl::StrCat(program, " does not answer");
}

std::string AdviceFor(const absl::Status& status) {
  if (absl::IsNotFound(status)) {
    return "Nobody listens there: see its log and its --http_address.";
  }
  if (absl::IsDeadlineExceeded(status)) {
    return "It hangs, or is stopped: see its log, and restart it.";
  }
  return "What listens there is no status server of ours: give the daemon "
         "another --http_address.";
}

}  // namespace

Verdict CheckStatusServer(const std::string& program,
                          const DaemonReports::Failure& failure, bool given,
                          const std::optional<Process>& owner,
                          const ProcessList& processes) {
  if (absl::IsPermissionDenied(failure.status)) {
    return (given ? Broken : Note)(
        "status",
        absl::StrCat("this user may not ask the daemon at ",
                     failure.ToString()),
        "Run this as root, or in the group of that socket.");
  }
  if (!given && absl::IsNotFound(failure.status)) {
    return Note("status",
                absl::StrCat("nobody listens at ", failure.ToString()),
                "A daemon that is gone has left that socket: remove it. Or see "
                "the log of the one that should have it.");
  }
  return Broken("status",
                absl::StrCat(WhoFails(program, owner, processes), " at ",
                             failure.ToString()),
                AdviceFor(failure.status));
}

}  // namespace vios
