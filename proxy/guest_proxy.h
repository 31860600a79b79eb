// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_GUEST_PROXY_H_
#define VIOS_PROXY_PROXY_GUEST_PROXY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/listing.h"
#include "channel/unique_fd.h"
#include "proxy/acceptor.h"
#include "proxy/active_count.h"
#include "proxy/channel_keeper.h"
#include "proxy/client_queue.h"
#include "proxy/daemon_status.h"
#include "proxy/daemon_watch.h"
#include "proxy/guest_role.h"
#include "proxy/heartbeat.h"
#include "proxy/limited_lines.h"
#include "proxy/listener.h"
#include "proxy/on_change.h"
#include "proxy/options.h"
#include "proxy/session_log.h"
#include "proxy/socket_address.h"
#include "proxy/termination.h"

namespace vios {

// The guest daemon: an acceptor, a queue of clients, and a worker for each
// channel that the supervisor finds. Runs from Start() until it is destroyed.
// The calls are for one thread.
class GuestProxy {
 public:
  // `listener`, if there is one, is open already and stays where it is in the
  // place of what the options say. The message of a failure is the diagnostic
  // of the manual page.
  static absl::StatusOr<std::unique_ptr<GuestProxy>> Start(
      const GuestOptions& options,
      std::optional<UniqueFd> listener = std::nullopt);
  // The end points as Start() would find them.
  static Listing Look(const GuestOptions& options);
  // Cuts and joins; resets the clients that still wait.
  ~GuestProxy();

  // No new clients; those that were accepted are served. Waits for the acceptor
  // alone, which ends at once unless it waits for memory.
  void Drain();
  // To be called about once a second, also once it drains, when the acceptor no
  // longer ticks: clients that have waited too long, and sums for the log.
  void Tend();
  // True once no client is left, false when the deadline came first.
  bool WaitDrained(Deadline deadline) { return active_.AwaitNone(deadline); }
  // Ends everything now; returns at once.
  void Cut() { cut_.Fire(); }

  // For the status server, on any thread.
  DaemonStatus Status() const;
  absl::Status Alive() const { return watch_.Alive(); }

  // For tests that listen on port 0.
  uint16_t port() const { return address_.port(); }

 private:
  explicit GuestProxy(const GuestOptions& options);
  absl::Status StartAcceptor(UniqueFd listener);
  void OnClient(UniqueFd fd, std::string from);
  void ExpireQueue();
  // A client that never gets a channel.
  void CountLost(const Client& client, Termination why);
  void TellLost(const Client& client, Termination why, absl::string_view what);
  // How many TellLost() left out.
  void TellUntold(bool last = false);

  const GuestOptions options_;
  SocketAddress address_;  // With the port that the listener was given.
  Cancel cut_;
  ActiveCount active_;
  SessionLog log_;
  LimitedLines lost_lines_{log_};
  OnChange accept_failure_;
  DaemonWatch watch_;
  Heartbeat accepting_{"accept", DaemonWatch::kPatience};
  std::atomic<bool> draining_ = false;
  ClientQueue queue_;
  GuestRole role_;
  std::unique_ptr<ChannelKeeper> channels_;
  std::optional<UnixSocketGuard> socket_guard_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_GUEST_PROXY_H_
