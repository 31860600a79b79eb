// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_PROBE_H_
#define VIOS_PROXY_CHANNEL_PROBE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/wakeup.h"

namespace vios {

// Out of session: queues the PING that says that this end has no session.
absl::Status QueuePing(Channel& channel, absl::string_view nonce = "VIOSPING");

// Guest: asks whether the host is done with all that was before, and returns
// once it says so. Asks again every `interval`, behind a preamble. `wakeup` may
// ring meanwhile. DEADLINE_EXCEEDED when the host reads and does not answer: it
// is one without options, in the place of the one that had them.
absl::Status Probe(Channel& channel, absl::Duration interval, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_PROBE_H_
