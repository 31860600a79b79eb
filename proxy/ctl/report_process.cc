// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/report_process.h"

#include <vector>

#include "proxy/ctl/socket_owner.h"

namespace vios {

std::optional<Process> ProcessOf(const DaemonReport& report,
                                 const Machine& machine,
                                 const ProcessList& processes) {
  auto owner =
      OwnerOfServer(machine, processes, report.address, report.program);
  if (owner && owner->program == report.program) return owner;
  const std::vector<Process> all = processes.Running(report.program);
  if (all.size() != 1) return std::nullopt;
  return all.front();
}

}  // namespace vios
