// SPDX-License-Identifier: Apache-2.0
#include "proxy/check_status_server.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proxy/http_address.h"
#include "proxy/socket_owner.h"

namespace vios {
namespace {

// Nothing when that cannot be seen.
std::optional<Process> OwnerOf(const DaemonReports::Failure& failure,
                               const std::string& program,
                               const Machine& machine,
                               const ProcessList& processes) {
  const auto address = ParseHttpAddress(failure.address);
  if (!address.ok()) return std::nullopt;
  auto owner = OwnerOfListener(machine, processes, *address, program);
  if (owner && owner->program.empty()) return std::nullopt;
  return owner;
}

std::string WhoFails(const std::string& program,
                     const std::optional<Process>& owner,
                     const ProcessList& processes) {
  if (owner) return absl::StrCat(owner->ToString(), " does not answer");
  if (processes.Running(program).empty()) return "no daemon answers";
  return absl::StrCat(program, " does not answer");
}

std::string AdviceFor(const absl::Status& status) {
  if (absl::IsNotFound(status)) {
    return "Nobody listens there: see its log and its --http_address. The "
           "socket of a daemon that is gone can be removed.";
  }
  return "It hangs, or is stopped: see its log, and restart it. If another "
         "program listens there, give the daemon another --http_address.";
}

}  // namespace

bool IsFailureOf(const std::string& program,
                 const DaemonReports::Failure& failure, size_t answered,
                 const Machine& machine, const ProcessList& processes) {
  const auto owner = OwnerOf(failure, program, machine, processes);
  if (owner) return owner->program == program;
  return processes.Running(program).size() > answered;
}

Verdict CheckStatusServer(const std::string& program,
                          const DaemonReports::Failure& failure,
                          const Machine& machine,
                          const ProcessList& processes) {
  if (absl::IsPermissionDenied(failure.status)) {
    return Note("status",
                absl::StrCat("this user may not ask the daemon at ",
                             failure.ToString()),
                "Run this as root, or in the group of that socket.");
  }
  const auto owner = OwnerOf(failure, program, machine, processes);
  return Broken("status",
                absl::StrCat(WhoFails(program, owner, processes), " at ",
                             failure.ToString()),
                AdviceFor(failure.status));
}

}  // namespace vios
