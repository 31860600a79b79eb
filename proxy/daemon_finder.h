// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DAEMON_FINDER_H_
#define VIOS_PROXY_PROXY_DAEMON_FINDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/daemon_report.h"
#include "proxy/machine.h"

namespace vios {

// The status servers of the daemons on this machine.

// Where they have their sockets by default.
inline constexpr char kStatusSockets[] = "/run/vios-proxy";

// Where they listen by default: "unix:/run/vios-proxy/NAME.sock", sorted.
std::vector<std::string> DefaultHttpAddresses(const Machine& machine);

// What the daemon at `address` (as --http_address has it) says now. Blocks
// until `deadline` or the Cancel of `wakeup`. The message of an error names the
// address.
absl::StatusOr<DaemonReport> AskDaemon(const std::string& address,
                                       Deadline deadline, Wakeup& wakeup);

// All that answer, and why the others do not.
struct DaemonReports {
  std::vector<DaemonReport> reports;
  std::vector<absl::Status> failures;
};
DaemonReports AskDaemons(const std::vector<std::string>& addresses,
                         Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DAEMON_FINDER_H_
