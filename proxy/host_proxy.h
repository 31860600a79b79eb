// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HOST_PROXY_H_
#define VIOS_PROXY_PROXY_HOST_PROXY_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/listing.h"
#include "proxy/active_count.h"
#include "proxy/channel_keeper.h"
#include "proxy/daemon_status.h"
#include "proxy/daemon_watch.h"
#include "proxy/guest_limits.h"
#include "proxy/host_role.h"
#include "proxy/options.h"
#include "proxy/resolver.h"
#include "proxy/resolver_thread.h"
#include "proxy/session_log.h"

namespace vios {

// The host daemon: a worker for each channel of each guest that the supervisor
// finds. Runs from Start() until it is destroyed. The calls are for one thread.
class HostProxy {
 public:
  // The message of a failure is for the operator.
  static absl::StatusOr<std::unique_ptr<HostProxy>> Start(
      const HostOptions& options);
  // The end points as Start() would find them.
  static Listing Look(const HostOptions& options);
  // Cuts and joins.
  ~HostProxy() { Cut(); }

  // No new sessions; idle channels are given up. Returns at once.
  void Drain() { drain_.Fire(); }
  // True once no session is left, false when the deadline came first.
  bool WaitDrained(Deadline deadline) { return active_.AwaitNone(deadline); }
  // To be called about once a second: sums for the log.
  void Tend() { log_.Tick(); }
  // Ends everything now; returns at once.
  void Cut() { cut_.Fire(); }

  // For the status server, on any thread.
  DaemonStatus Status() const;
  absl::Status Alive() const { return watch_.Alive(); }

 private:
  explicit HostProxy(const HostOptions& options);
  void AfterLook(const Listing& listing);

  const HostOptions options_;
  Cancel cut_;
  Cancel drain_;
  ActiveCount active_;
  SessionLog log_;
  DaemonWatch watch_;
  const std::shared_ptr<ServiceResolver> resolver_;
  std::unique_ptr<ResolverThread> resolving_;
  GuestLimits limits_;
  HostRole role_;
  ChannelKeeper channels_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HOST_PROXY_H_
