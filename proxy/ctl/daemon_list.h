// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DAEMON_LIST_H_
#define VIOS_PROXY_PROXY_CTL_DAEMON_LIST_H_

#include <string>
#include <vector>

#include "proxy/ctl/daemon_processes.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"

namespace vios {

// For a person: who runs of `kind`, and what each serves, by its command line
// or by its one of `reports`, which all are of that kind: "PID 42 serves
// /run/a; PID 43 serves /run/b and answers at 127.0.0.1:9090". Blocks as the
// file system does.
std::string DaemonListText(const DaemonKind& kind,
                           const std::vector<DaemonReport>& reports,
                           const Machine& machine,
                           const ProcessList& processes);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DAEMON_LIST_H_
