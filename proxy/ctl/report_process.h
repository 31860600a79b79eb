// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_REPORT_PROCESS_H_
#define VIOS_PROXY_PROXY_CTL_REPORT_PROCESS_H_

#include <optional>

#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"

namespace vios {

// Who told `report`: the process that listens where it was asked, or the only
// one of its program. Nothing when that cannot be told. Blocks as the file
// system does.
std::optional<Process> ProcessOf(const DaemonReport& report,
                                 const Machine& machine,
                                 const ProcessList& processes);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_REPORT_PROCESS_H_
