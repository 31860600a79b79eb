// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HOST_ROLE_H_
#define VIOS_PROXY_PROXY_HOST_ROLE_H_

#include <optional>
#include <variant>

#include "absl/status/status.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/wakeup.h"
#include "proxy/active_count.h"
#include "proxy/channel_role.h"
#include "proxy/guest_limits.h"
#include "proxy/metrics.h"
#include "proxy/on_change.h"
#include "proxy/options.h"
#include "proxy/resolver.h"
#include "proxy/session_line.h"
#include "proxy/session_log.h"

namespace vios {

// The host daemon's use of a channel: waits for the guest to ask for a session,
// dials the service and relays. Thread-safe.
class HostRole : public ChannelRole {
 public:
  // The arguments outlive it.
  HostRole(const HostOptions& options, ServiceResolver& resolver,
           GuestLimits& limits, SessionLog& log, Cancel& drain,
           ActiveCount& active, Metrics& metrics);

  Deadline ReserveOpening(const Endpoint& endpoint) override;
  absl::Status Serve(UniqueFd fd, WorkerContext& context) override;
  Cancel& drain() override { return drain_; }
  absl::Duration reconnect_interval() const override {
    return options_.reconnect_interval;
  }
  Metrics& metrics() override { return metrics_; }

 private:
  // One session after the other, until the channel is lost or doubted.
  absl::Status ServeSessions(Channel& channel, WorkerContext& context);
  // What silence calls for; fails when the connection is to be made again.
  absl::Status Doubt(Channel& channel, WorkerContext& context);
  // Fails only when the channel cannot be used any longer.
  absl::Status ServeSession(Channel& channel, const SynRequest& syn,
                            WorkerContext& context);
  // From the SYN to the end of the session, or of the attempt; fills `line`.
  SessionEnd RunSession(Channel& channel, const SynRequest& syn,
                        WorkerContext& context, SessionLine& line);
  // The connection to the service, or why there is none.
  std::variant<UniqueFd, SessionEnd> Dial(Channel& channel,
                                          const SynRequest& syn,
                                          WorkerContext& context,
                                          SessionLine& line);
  // Tells the service whose session it is, if it is to be told; why it was not.
  std::optional<SessionEnd> Introduce(int service, const SessionId& id,
                                      const SessionLine& line, Wakeup& wakeup);
  // For the operator: whether sessions are served; null when they are.
  void LogService(const SessionEnd* failure);

  const HostOptions& options_;
  ServiceResolver& resolver_;
  GuestLimits& limits_;
  SessionLog& log_;
  Cancel& drain_;
  ActiveCount& active_;
  Metrics& metrics_;
  // Another daemon may have held the channels until just now, and a guest that
  // does not see it leave waits half a minute for what that one began to send.
  const Clock::time_point not_before_;
  OnChange service_failure_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HOST_ROLE_H_
