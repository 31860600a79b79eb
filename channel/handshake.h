// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_HANDSHAKE_H_
#define VIOS_PROXY_CHANNEL_HANDSHAKE_H_

#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/channel.h"
#include "channel/session_end.h"
#include "channel/session_id.h"

namespace vios {

// Our option block: version, our name, and the guest's word on its client.
std::string OurOptionBlock(absl::string_view client_claim);

// The blocking handshakes of both roles. They use the channel alone, answer
// what may be answered meanwhile, and return why it failed as a SessionEnd that
// the peer has been told already where it must be. Frames to send are queued in
// the channel's writer; all but the guest's ACK, which is to share a write with
// the first data, have been handed to the channel if it took them.
using HandshakeResult = std::variant<SessionId, SessionEnd>;

// Guest, SYN_SENT: asks for a session under `guest`, a fresh token. Gives up
// when `client` hangs up.
HandshakeResult OpenSession(Channel& channel, Token guest,
                            absl::string_view client_claim, int client,
                            Deadline deadline, Wakeup& wakeup);

// Host, LISTEN: waits for the next SYN. Nothing when `wakeup` rang.
absl::StatusOr<std::optional<SynRequest>> AwaitSyn(Channel& channel,
                                                   Deadline deadline,
                                                   Wakeup& wakeup);

// Host, while the service of `syn` is dialled: waits for `dial` (may be null)
// as Channel::Await does, and tells whether the guest ended the attempt:
// nothing while it has not. The deadline, and the Cancel of `wakeup`, come back
// as a kReset of which the caller has to tell the guest: TellPeer().
std::optional<SessionEnd> WatchGuest(Channel& channel, const SynRequest& syn,
                                     pollfd* dial, Deadline deadline,
                                     Wakeup& wakeup);

// Host, SYN_RCVD: answers `syn` with SYNACK and waits for the ACK.
HandshakeResult AcceptSession(Channel& channel, const SynRequest& syn,
                              Deadline deadline, Wakeup& wakeup);

// Out of session: if `end` is a kReset, queues the RESET that says so of the
// session, or of the attempt at one (`host` is kUnknownToken before a SYNACK),
// and hands it over if the channel takes it; else the next flush does. Returns
// `end`. Never blocks.
SessionEnd TellPeer(Channel& channel, Token guest, Token host, SessionEnd end);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_HANDSHAKE_H_
