// SPDX-License-Identifier: Apache-2.0
#include "proxy/report_process.h"

#include <vector>

#include "proxy/http_address.h"
#include "proxy/socket_owner.h"

namespace vios {

std::optional<Process> ProcessOf(const DaemonReport& report,
                                 const Machine& machine,
                                 const ProcessList& processes) {
  if (const auto address = ParseHttpAddress(report.address); address.ok()) {
    auto owner = OwnerOfListener(machine, processes, *address, report.program);
    if (owner && owner->program == report.program) return owner;
  }
  const std::vector<Process> all = processes.Running(report.program);
  if (all.size() != 1) return std::nullopt;
  return all.front();
}

}  // namespace vios
