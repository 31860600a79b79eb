// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_finder.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proxy/http_address.h"
#include "proxy/http_client.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

absl::StatusOr<DaemonReport> Ask(const std::string& address, Deadline deadline,
                                 Wakeup& wakeup) {
  const auto server = ParseHttpAddress(address);
  if (!server.ok()) return server.status();
  const auto answer = AskHttp(*server, "GET", "/status", deadline, wakeup);
  if (!answer.ok()) return answer.status();
  if (answer->status != 200) {
    return absl::UnavailableError(
        absl::StrCat("the server answers ", answer->status));
  }
  return ParseDaemonReport(answer->body);
}

}  // namespace

std::vector<std::string> DefaultHttpAddresses(const Machine& machine) {
  std::vector<std::string> addresses;
  for (const std::string& name : machine.List(kStatusSockets)) {
    if (!absl::EndsWith(name, ".sock")) continue;
    addresses.push_back(absl::StrCat(
        "unix:", machine.Real(absl::StrCat(kStatusSockets, "/", name))));
  }
  return addresses;
}

absl::StatusOr<DaemonReport> AskDaemon(const std::string& address,
                                       Deadline deadline, Wakeup& wakeup) {
  absl::StatusOr<DaemonReport> report = Ask(address, deadline, wakeup);
  if (report.ok()) {
    report->address = address;
    return report;
  }
  return absl::Status(report.status().code(),
                      absl::StrCat(address, ": ", report.status().message()));
}

DaemonReports AskDaemons(const std::vector<std::string>& addresses,
                         Deadline deadline, Wakeup& wakeup) {
  DaemonReports all;
  for (const std::string& address : addresses) {
    auto report = AskDaemon(address, deadline, wakeup);
    if (report.ok()) {
      all.reports.push_back(*std::move(report));
    } else {
      all.failures.push_back(report.status());
    }
  }
  return all;
}

}  // namespace vios
