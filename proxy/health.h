// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HEALTH_H_
#define VIOS_PROXY_PROXY_HEALTH_H_

#include "absl/status/status.h"
#include "proxy/daemon_status.h"

namespace vios {

// What probes ask. Pure; the message of a failure is one line that says why.

// Whether the daemon's own threads tick. Never depends on guest, peer or
// service: restarting the daemon would mend none of them.
absl::Status Alive(const DaemonStatus& status);
absl::Status Alive(const ThreadStatus& thread);
// Whether the daemon is where it can begin: its listener is open and its
// directory has been looked at.
absl::Status Started(const DaemonStatus& status);
// Whether a client has a chance: started, not draining, and a channel that is
// connected or busy. Never asks the service.
absl::Status Ready(const DaemonStatus& status);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HEALTH_H_
