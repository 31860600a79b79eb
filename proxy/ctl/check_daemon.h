// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_DAEMON_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_DAEMON_H_

#include <optional>
#include <string>
#include <vector>

#include "proxy/ctl/daemon_processes.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/verdict.h"
#include "proxy/socket_address.h"

namespace vios {

// The daemon of this machine. All of these only look.

// Whether one of `daemons`, those of `kind` that may be the one looked at,
// runs.
Verdict CheckRunning(const DaemonKind& kind, const Machine& machine,
                     const ProcessList& processes,
                     const std::vector<Process>& daemons);

// Whether vios-proxy-guest, one of `daemons` or whoever it may be, listens on
// `address`; of an IP address only the port is looked at.
Verdict CheckListening(const Machine& machine, const ProcessList& processes,
                       const std::vector<Process>& daemons,
                       const SocketAddress& address);

// Whether the daemon was told to speak the base protocol alone, by what it says
// or by its command line.
bool OptionsOff(const std::optional<DaemonReport>& report,
                const std::vector<Process>& daemons);

// Whether both ends speak the protocol's options: a note when not.
Verdict CheckOptions(const std::optional<DaemonReport>& report,
                     const std::vector<Process>& daemons);

// Whether the daemon takes new clients: a note while it drains.
Verdict CheckDraining(const std::optional<DaemonReport>& report);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_DAEMON_H_
