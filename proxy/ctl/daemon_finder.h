// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DAEMON_FINDER_H_
#define VIOS_PROXY_PROXY_CTL_DAEMON_FINDER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"

namespace vios {

// The status servers of the daemons on this machine.

// Where they have their sockets by default.
inline constexpr char kStatusSockets[] = "/run/vios-proxy";

// Where they listen by default: "unix:/run/vios-proxy/NAME.sock", sorted.
std::vector<std::string> DefaultHttpAddresses(const Machine& machine);

// All that answer, and why the others do not.
struct DaemonReports {
  struct Failure {
    std::string address;  // Where it was asked.
    absl::Status status;

    // "ADDRESS: why"
    std::string ToString() const;
  };
  std::vector<DaemonReport> reports;
  std::vector<Failure> failures;
};

// What the daemons at `addresses` (as --http_address has them) say now. Blocks
// for each until `deadline`, the Cancel of `wakeup` or for 5 s: one that hangs
// takes no time from the others.
DaemonReports AskDaemons(const std::vector<std::string>& addresses,
                         Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DAEMON_FINDER_H_
