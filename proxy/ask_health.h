// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ASK_HEALTH_H_
#define VIOS_PROXY_PROXY_ASK_HEALTH_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "channel/deadline.h"
#include "proxy/socket_address.h"

namespace vios {

// Whether AskHealth() knows `probe`: startup, readiness or liveness.
bool IsHealthProbe(absl::string_view probe);

// Asks the status server of another process one of its probes. OK when the
// answer is yes; else the reason that it gives, in one line, or why there is no
// answer. Blocks until `deadline` at the latest.
absl::Status AskHealth(const SocketAddress& server, absl::string_view probe,
                       Deadline deadline);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ASK_HEALTH_H_
