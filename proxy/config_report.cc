// SPDX-License-Identifier: Apache-2.0
#include "proxy/config_report.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/escape.h"

namespace vios {
namespace {

constexpr size_t kMaxShown = 300;  // Bytes of a name.

std::string ChannelLine(const Endpoint& endpoint) {
  const absl::string_view kind =
      endpoint.kind == EndpointKind::kDevice ? "device" : "unix socket";
  const std::string problem = ProblemOf(endpoint);
  return absl::StrCat(
      "  ", endpoint.guest.empty() ? "" : Escape(endpoint.guest, kMaxShown),
      endpoint.guest.empty() ? "" : "/", Escape(endpoint.name, kMaxShown), ": ",
      kind, problem.empty() ? "" : "; WRONG: ", Escape(problem, kMaxShown),
      "\n");
}

}  // namespace

std::string ProblemOf(const Endpoint& endpoint) {
  if (endpoint.kind == EndpointKind::kSocket &&
      endpoint.path.size() > kMaxSocketPath) {
    return absl::StrCat("the path has ", endpoint.path.size(),
                        " bytes, a socket's may have ", kMaxSocketPath);
  }
  const int wanted =
      endpoint.kind == EndpointKind::kSocket ? W_OK : R_OK | W_OK;
  if (::faccessat(AT_FDCWD, endpoint.path.c_str(), wanted, AT_EACCESS) == 0) {
    return "";
  }
  const absl::Status status = ErrnoStatus("cannot be", "opened");
  const std::string advice = AdviceFor(status, endpoint);
  return absl::StrCat(status.message(), advice.empty() ? "" : "; ", advice);
}

std::string ConfigReport(absl::string_view serves, const Listing& listing) {
  std::string report = absl::StrCat(serves, "\n");
  if (!listing.status.ok()) {
    return absl::StrCat(report, listing.status.message(), "\n");
  }
  absl::StrAppend(&report, "channels now: ", listing.endpoints.size(), "\n");
  for (const Endpoint& endpoint : listing.endpoints) {
    report += ChannelLine(endpoint);
  }
  for (const std::string& problem : listing.problems) {
    absl::StrAppend(&report, "WRONG: ", Escape(problem, kMaxShown), "\n");
  }
  for (const Listing::Ignored& entry : listing.ignored) {
    absl::StrAppend(&report, "ignored ", Escape(entry.path, kMaxShown), ": ",
                    entry.why, "\n");
  }
  return report;
}

}  // namespace vios
