// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_finder.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/escape.h"
#include "proxy/http_address.h"
#include "proxy/http_client.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

constexpr size_t kLongestAddress = 512;  // As it is shown.
constexpr absl::Duration kPatience = absl::Seconds(5);

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

std::string DaemonReports::Failure::ToString() const {
  return absl::StrCat(Escape(address, kLongestAddress), ": ", status.message());
}

std::vector<std::string> DefaultHttpAddresses(const Machine& machine) {
  std::vector<std::string> addresses;
  for (const std::string& name : machine.List(kStatusSockets)) {
    if (!absl::EndsWith(name, ".sock")) continue;
    addresses.push_back(absl::StrCat(
        "unix:", machine.Real(absl::StrCat(kStatusSockets, "/", name))));
  }
  return addresses;
}

DaemonReports AskDaemons(const std::vector<std::string>& addresses,
                         Deadline deadline, Wakeup& wakeup) {
  DaemonReports all;
  for (const std::string& address : addresses) {
    auto report =
        Ask(address, Earlier(deadline, Deadline::After(kPatience)), wakeup);
    if (report.ok()) {
      report->address = address;
      all.reports.push_back(*std::move(report));
    } else {
      all.failures.push_back({address, report.status()});
    }
  }
  return all;
}

}  // namespace vios
