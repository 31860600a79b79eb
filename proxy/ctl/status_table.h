// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_STATUS_TABLE_H_
#define VIOS_PROXY_PROXY_CTL_STATUS_TABLE_H_

#include <string>

#include "proxy/ctl/daemon_report.h"

namespace vios {

// For a person at a terminal: a line about the daemon, then a line for each
// channel. Text of others is escaped. Ends with a newline. Pure.
std::string StatusTable(const DaemonReport& report);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_STATUS_TABLE_H_
