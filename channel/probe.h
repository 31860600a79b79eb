// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_PROBE_H_
#define VIOS_PROXY_CHANNEL_PROBE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/frame.h"
#include "channel/wakeup.h"

namespace vios {

// Out of session: PING and PONG. One thread's.

// Queues the PING that says that this end has no session. Never blocks.
absl::Status QueuePing(Channel& channel, absl::string_view nonce = "VIOSPING");

// Bytes for a PING of which the PONG is to be known: fresh ones.
std::string NewNonce();

// Waits for the PONG with `nonce`, and answers what else comes and is `wanted`
// (which PONG must be): AnyFrame, or AnyProbe where what looks like another
// frame may be the middle of something. `wakeup` may ring meanwhile. Else fails
// as Channel::Await().
absl::Status AwaitPong(Channel& channel, absl::string_view nonce,
                       absl::FunctionRef<bool(const FrameHeader&)> wanted,
                       Deadline deadline, Wakeup& wakeup);

// Guest: asks whether the host is done with all that was before, and returns
// once it says so. Asks again every `interval`, behind a preamble. `wakeup` may
// ring meanwhile. DEADLINE_EXCEEDED when the host reads and does not answer: it
// is one without options, in the place of the one that had them.
absl::Status Probe(Channel& channel, absl::Duration interval, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_PROBE_H_
