// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SESSION_LINE_H_
#define VIOS_PROXY_PROXY_SESSION_LINE_H_

#include <cstdint>
#include <string>

#include "channel/deadline.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "proxy/log_fields.h"
#include "proxy/relay.h"

namespace vios {

// What is told of one session, or attempt at one, when it has ended. A plain
// value.
struct SessionLine {
  std::string guest;    // Empty in the guest daemon.
  std::string channel;  // The end point's name.
  std::string client;   // As this side knows it; the host only has a claim.
  std::string tokens = "-/-";  // Of the guest and the host; "-": none yet.
  std::string agent;           // Of the peer; "base protocol" if it tells none.
  Clock::time_point begun = Clock::now();
  absl::Duration queued = absl::ZeroDuration();  // Guest.
  // Guest: SYN to SYNACK; host: dialling the service.
  absl::Duration connect = absl::ZeroDuration();
  RelayResult result;

  // From `begun` to the end, which for an attempt is now.
  absl::Duration Duration() const;
  // Notes what the guest has asked under.
  void Asked(Token guest_token);
  // Notes the session; in the guest daemon the connect time, too.
  void Agreed(const SessionId& id);
  // guest, channel, client, tokens, queued, connect, up, down, duration, peer,
  // why (TerminationName), by (EndedBy) and end, the same in words.
  LogFields Fields() const;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SESSION_LINE_H_
