// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_RELAY_H_
#define VIOS_PROXY_PROXY_RELAY_H_

#include <cstdint>
#include <functional>

#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "channel/wakeup.h"
#include "proxy/options.h"
#include "proxy/pump_thread.h"
#include "proxy/relay_state.h"

namespace vios {

struct RelayResult {
  bool ran = false;  // False: there was no session to relay.
  SessionEnd end;
  // When it ended: what was still to be sent may have taken longer.
  Clock::time_point ended;
  uint64_t up_bytes = 0;    // Towards the service.
  uint64_t down_bytes = 0;  // Towards the client.
};

// The limits among a daemon's options.
RelayLimits LimitsOf(const CommonOptions& options);

// Relays between an established session and the TCP side `tcp` until the
// session has ended for both ends: the up pump on the calling thread, the down
// pump on `down`. Blocks; ends early when the Cancel of `up` and of `down`
// fires. `tcp` is reset, or made ready for an ordinary close, but not closed.
// `meanwhile` is called once, early: in the guest when the first frames are on
// their way, so that nobody waits for what the caller has to note of a session.
// When it returns the caller is alone with the channel again; frames that the
// channel did not take, if any, are still pending in its writer.
RelayResult Relay(Channel& channel, const SessionId& id, int tcp,
                  const RelayLimits& limits, Wakeup& up, PumpThread& down,
                  const std::function<void()>& meanwhile = nullptr);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_RELAY_H_
