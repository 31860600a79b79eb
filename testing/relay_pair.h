// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_RELAY_PAIR_H_
#define VIOS_PROXY_TESTING_RELAY_PAIR_H_

#include <memory>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "proxy/pump_thread.h"
#include "proxy/relay.h"
#include "testing/tcp_pair.h"

namespace vios::testing {

struct RelayPairOptions {
  bool options = true;  // False: a base session.
  RelayLimits guest;
  RelayLimits host;
  int channel_buffer = 0;  // Of the socket pair that is the channel; 0: as is.
  int tcp_buffer = 0;
};

// One end of a session: handshake and relay on a thread, as a worker runs them.
class RelayEnd {
 public:
  RelayEnd(Role role, UniqueFd channel, const RelayPairOptions& options);
  // Cuts and joins.
  ~RelayEnd();

  void Begin();
  void Cut() { cut_.Fire(); }
  // Null while it has not ended within `limit`.
  const RelayResult* Await(absl::Duration limit = absl::Seconds(20));
  // Of the client or service; may be reset by the test.
  UniqueFd& app() { return tcp_.app; }
  // Whether it has ended in the middle of a frame.
  bool left_pending() const { return left_pending_; }

 private:
  void Run();
  // A worker goes on reading its channel between sessions.
  void ReadOn();
  std::optional<SessionId> Handshake();

  const RelayLimits limits_;
  Channel channel_;
  TcpPair tcp_;
  Cancel cut_;
  std::unique_ptr<Wakeup> wakeup_;
  std::unique_ptr<PumpThread> pump_;
  RelayResult result_;
  bool left_pending_ = false;
  absl::Notification ended_;
  std::thread thread_;  // Last: it uses the rest.
};

// Both ends of a session, over a socket pair.
class RelayPair {
 public:
  explicit RelayPair(const RelayPairOptions& options = {});

  RelayEnd& guest() { return *guest_; }
  RelayEnd& host() { return *host_; }
  int client() { return guest_->app().get(); }
  int service() { return host_->app().get(); }
  // The channel ends for both.
  void LoseChannel();

 private:
  UniqueFd channel_;  // A second descriptor of the guest's end.
  std::unique_ptr<RelayEnd> guest_;
  std::unique_ptr<RelayEnd> host_;
};

// The two ends of a channel.
std::pair<UniqueFd, UniqueFd> ChannelPair(int buffer = 0);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_RELAY_PAIR_H_
