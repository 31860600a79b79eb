// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_JSON_H_
#define VIOS_PROXY_PROXY_STATUS_JSON_H_

#include <string>

#include "proxy/daemon_status.h"

namespace vios {

// The status of a daemon as one JSON object, ASCII, indented, with a line end.
// What is no UTF-8 becomes U+FFFD. Names are only added, never renamed. Pure.
std::string StatusJson(const DaemonStatus& status);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_JSON_H_
