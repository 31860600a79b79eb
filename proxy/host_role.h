// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HOST_ROLE_H_
#define VIOS_PROXY_PROXY_HOST_ROLE_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/wakeup.h"
#include "proxy/active_count.h"
#include "proxy/channel_worker.h"
#include "proxy/metrics.h"
#include "proxy/on_change.h"
#include "proxy/options.h"
#include "proxy/pacer.h"
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
           SessionLog& log, Cancel& drain, ActiveCount& active,
           Metrics& metrics);

  Deadline MayOpen(const Endpoint& endpoint) override;
  absl::Status Serve(UniqueFd fd, WorkerContext& context) override;
  Cancel& drain() override { return drain_; }
  absl::Duration reconnect_interval() const override {
    return options_.reconnect_interval;
  }
  Metrics& metrics() override { return metrics_; }
  // Forgets the limits of guests that are not among `guests`.
  void KeepOnly(const std::set<std::string>& guests);

 private:
  // What one guest may cause, however many channels it has.
  struct Limits {
    // A burst of connects overruns the notices that QEMU queues for a guest.
    Pacer connects{1, absl::Milliseconds(10)};
    Pacer dials{100, absl::Seconds(1)};
    // Silent channels are not all made again at once, either.
    Pacer reconnects{1, absl::Milliseconds(100)};
  };
  std::shared_ptr<Limits> LimitsOfGuest(const std::string& guest);

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
  // Tells the service whose session it is, if it is to be told; why it was not.
  std::optional<SessionEnd> Introduce(int service, const SessionId& id,
                                      const SessionLine& line, Wakeup& wakeup);
  void TellService(const SessionEnd* failure);

  const HostOptions& options_;
  ServiceResolver& resolver_;
  SessionLog& log_;
  Cancel& drain_;
  ActiveCount& active_;
  Metrics& metrics_;
  // Another daemon may have held the channels until just now, and a guest that
  // does not see it leave waits half a minute for what that one began to send.
  const Clock::time_point not_before_;
  OnChange service_failure_;
  absl::Mutex mu_;
  std::map<std::string, std::shared_ptr<Limits>> limits_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HOST_ROLE_H_
