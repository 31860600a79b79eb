// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STATUS_HTML_H_
#define VIOS_PROXY_PROXY_STATUS_HTML_H_

#include <string>

#include "proxy/daemon_status.h"

namespace vios {

// The status of a daemon as one page that loads itself anew every few seconds
// and needs nothing else: no script, no picture, no other file. Pure.
std::string StatusHtml(const DaemonStatus& status);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STATUS_HTML_H_
