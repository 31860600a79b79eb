// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_GUEST_ROLE_H_
#define VIOS_PROXY_PROXY_GUEST_ROLE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "proxy/channel_role.h"
#include "proxy/channel_stats.h"
#include "proxy/client_queue.h"
#include "proxy/limited_lines.h"
#include "proxy/metrics.h"
#include "proxy/on_change.h"
#include "proxy/options.h"
#include "proxy/pump_thread.h"
#include "proxy/session_line.h"
#include "proxy/session_log.h"

namespace vios {

// The guest daemon's use of a channel: greets the host, takes one client after
// the other from the queue and relays it. Thread-safe.
class GuestRole : public ChannelRole {
 public:
  // The arguments outlive it.
  GuestRole(const GuestOptions& options, ClientQueue& queue, SessionLog& log,
            Metrics& metrics);
  ~GuestRole() override { TellUntold(/*last=*/true); }

  Deadline ReserveOpening(const Endpoint& endpoint) override;
  absl::Status Serve(UniqueFd fd, WorkerContext& context) override;
  // Draining ends with the last client, and until then every channel serves.
  Cancel& drain() override { return never_; }
  absl::Duration reconnect_interval() const override {
    return options_.reconnect_interval;
  }
  Metrics& metrics() override { return metrics_; }
  // How many lines of clients that waited long were left out. Call about once a
  // second.
  void TellUntold(bool last = false);

 private:
  // Until the far end of the device is open; at once for a socket.
  absl::Status WaitForHost(Channel& channel, WorkerContext& context);
  // Preamble and PING: whatever the host was in the middle of is over.
  absl::Status Greet(Channel& channel, WorkerContext& context);
  // One client after the other, until the channel is lost.
  absl::Status ServeClients(Channel& channel, WorkerContext& context);
  absl::StatusOr<Client> AwaitClient(Channel& channel, Deadline penalised,
                                     Wakeup& wakeup);
  // Once for each client: not while a channel that comes and goes takes it and
  // puts it back.
  void NoteWait(const SessionLine& line);
  // What there is to note once the host has accepted.
  void NoteOpened(SessionLine& line, const SessionId& id,
                  WorkerContext& context);
  // The second thread of its session; without one `client` is put back.
  absl::StatusOr<PumpThread*> PumpFor(Client& client, WorkerContext& context);
  // Fails only when the channel cannot be used any longer.
  absl::StatusOr<SessionEnd> ServeClient(Channel& channel, Client client,
                                         WorkerContext& context);

  const GuestOptions& options_;
  ClientQueue& queue_;
  SessionLog& log_;
  Metrics& metrics_;
  LimitedLines wait_lines_{log_};
  Cancel never_;
  OnChange pump_failure_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_GUEST_ROLE_H_
