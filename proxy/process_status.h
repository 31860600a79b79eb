// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PROCESS_STATUS_H_
#define VIOS_PROXY_PROXY_PROCESS_STATUS_H_

#include "proxy/daemon_status.h"

namespace vios {

// What this process uses, from /proc/self; what cannot be read is left out. Any
// thread.
ProcessStatus ReadProcessStatus();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PROCESS_STATUS_H_
