// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_NEW_SYN_H_
#define VIOS_PROXY_CHANNEL_NEW_SYN_H_

#include <optional>

#include "channel/channel.h"
#include "channel/frame.h"
#include "channel/session_end.h"

namespace vios {

// A frame from a peer that knows of no session, in a session or out of one.
// Both use the channel's pending SYN and its answers(): they are the reading
// thread's. They never block.

// Host: keeps a SYN that came as the channel's pending_syn(). False when the
// frame is no SYN that a host can take.
bool TakeSyn(Channel& channel, const Frame& frame);

// During a session, or while one is set up: how it ends when `frame`, which is
// none of its own, shows that the peer knows of no session: a SYN, which is
// taken, or the PING of one that asks who is there, which is answered.
std::optional<SessionEnd> BeganAnew(Channel& channel, const Frame& frame);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_NEW_SYN_H_
