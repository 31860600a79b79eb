// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_RELAY_LIMITS_H_
#define VIOS_PROXY_PROXY_RELAY_LIMITS_H_

#include "absl/time/time.h"

namespace vios {

// How long a session may last without this or that. Zero: for ever, but for
// finish_timeout.
struct RelayLimits {
  absl::Duration idle_timeout = absl::ZeroDuration();
  absl::Duration half_close_timeout = absl::Seconds(60);
  // Of a silent peer, while this end waits for the channel to become readable.
  absl::Duration peer_timeout = absl::ZeroDuration();
  // In a session with options, an end that has sent nothing for so long sends
  // PING. Zero: never.
  absl::Duration ping_interval = absl::Seconds(30);
  // For finishing a begun frame, and the RESET, once the session has ended
  // before its time: a peer that takes nothing for so long loses the channel.
  absl::Duration finish_timeout = absl::Seconds(30);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_RELAY_LIMITS_H_
