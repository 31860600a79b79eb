// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHANNEL_PROBE_H_
#define VIOS_PROXY_PROXY_CTL_CHANNEL_PROBE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios {

// Plays the daemon of `role` on `fd`, an idle channel, for as long as it takes
// to send a PING and get its PONG, and tells how long that took. Only for a
// channel that no daemon of this side uses: it ends what session there was. A
// host asks only once the guest has spoken, for a PING does harm to one of 0.2.
// Blocks until `deadline`, then DEADLINE_EXCEEDED; UNAVAILABLE when nobody is
// attached.
absl::StatusOr<absl::Duration> TimePing(UniqueFd fd, Role role,
                                        Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHANNEL_PROBE_H_
