// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_OUR_SIDE_H_
#define VIOS_PROXY_TESTING_OUR_SIDE_H_

#include <future>
#include <optional>

#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "channel/unique_fd.h"
#include "proxy/relay_state.h"
#include "testing/handshake_fixture.h"

namespace vios {

// One of our daemons for the length of one session: channel, handshake and
// relay, without the directory, the queue and the dial. `tcp.theirs` plays the
// client or the service; our end of it is closed when the session has ended.
class OurSide {
 public:
  OurSide(Role role, bool options_enabled) : one(role, options_enabled) {}
  // Ends what is still going on.
  ~OurSide();

  // Host: serves one SYN, or refuses it as a dead service does, and then
  // refuses one more with reason 5, which shows that it listens again.
  void StartHost(bool service_refuses = false, const RelayLimits& limits = {});
  // Guest: greets the host as on a fresh port, and opens one session.
  void StartGuest();
  // How the session, or the attempt at it, ended.
  SessionEnd End();

  ScriptedPeer& peer() { return one.peer; }

  OneChannel one;
  FdPair tcp = ConnectedTcpPair();

 private:
  // Nothing once the channel is lost.
  std::optional<SynRequest> NextSyn();
  SessionEnd RunHost(bool service_refuses, const RelayLimits& limits);
  SessionEnd RunGuest();
  SessionEnd RunRelay(const SessionId& id, const RelayLimits& limits);
  std::promise<SessionEnd> ended_;
  std::future<void> running_;
};

}  // namespace vios

#endif  // VIOS_PROXY_TESTING_OUR_SIDE_H_
