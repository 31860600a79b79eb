// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_LINES_H_
#define VIOS_PROXY_PROXY_STATUS_LINES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "proxy/daemon_status.h"
#include "proxy/log_fields.h"

namespace vios {

// A daemon's status as text; what was said by others is escaped. Pure.

// "3 channels: 1 busy, 2 free; 0 clients wait"
std::string StatusSummary(const DaemonStatus& status);

// One line for each channel, the first `most` of them.
std::vector<LogFields> StatusLines(const DaemonStatus& status, size_t most);

// Both to the log, as NOTICE; at most kMaxStatusLines channels.
inline constexpr size_t kMaxStatusLines = 200;
void LogStatus(const DaemonStatus& status);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_LINES_H_
