// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_status.h"

#include <algorithm>

namespace vios {

absl::string_view RoleName(Role role) {
  return role == Role::kGuest ? "guest" : "host";
}

size_t CountChannels(const DaemonStatus& status, ChannelState state) {
  return static_cast<size_t>(std::count_if(
      status.channels.begin(), status.channels.end(),
      [state](const ChannelStatus& one) { return one.state == state; }));
}

}  // namespace vios
