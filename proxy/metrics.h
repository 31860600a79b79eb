// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_METRICS_H_
#define VIOS_PROXY_PROXY_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/channel.h"
#include "proxy/channel_stats.h"
#include "proxy/daemon_status.h"
#include "proxy/histogram.h"
#include "proxy/termination.h"

namespace vios {

// What one daemon counts and measures, and the list of its channels. Owned by
// the daemon. Thread-safe, never blocks for longer than copying the list takes.
// Nothing here is touched for each byte: pumps add to their channel's counters,
// which are summed up when somebody asks.
class Metrics {
 public:
  explicit Metrics(Role role) : role_(role) {}

  // A channel that appeared. What it has counted stays in the sums after it
  // left: in its guest's while that has other channels, and in that of all.
  std::shared_ptr<ChannelStats> AddChannel(const std::string& guest,
                                           const std::string& name);
  void RemoveChannel(const std::shared_ptr<ChannelStats>& channel);

  // A session has ended, or a client that never got one.
  void CountEnd(Termination why);

  Histogram duration{kLifeBounds};    // Of sessions.
  Histogram queue_wait{kWaitBounds};  // Of clients, served or not.
  Histogram connect{kWaitBounds};     // Host: dialling the service.
  // Guest: SYN to SYNACK, the host's dial within. Host: SYNACK to ACK.
  Histogram handshake{kWaitBounds};

  MetricsSnapshot Snapshot() const;
  // By guest and name.
  std::vector<ChannelStatus> Channels() const;

 private:
  const Role role_;
  std::array<std::atomic<uint64_t>, kTerminationCount> ended_ = {};
  mutable absl::Mutex mu_;
  std::vector<std::shared_ptr<ChannelStats>> channels_ ABSL_GUARDED_BY(mu_);
  // Of channels that have left; the first, of guests that still have one.
  std::map<std::string, ChannelTotals> left_ ABSL_GUARDED_BY(mu_);
  ChannelTotals all_left_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_METRICS_H_
