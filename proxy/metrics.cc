// SPDX-License-Identifier: Apache-2.0
#include "proxy/metrics.h"

#include <algorithm>
#include <tuple>

namespace vios {

std::shared_ptr<ChannelStats> Metrics::AddChannel(const std::string& guest,
                                                  const std::string& name) {
  auto channel = std::make_shared<ChannelStats>(guest, name, role_);
  absl::MutexLock lock(&mu_);
  channels_.push_back(channel);
  return channel;
}

void Metrics::RemoveChannel(const std::shared_ptr<ChannelStats>& channel) {
  absl::MutexLock lock(&mu_);
  if (std::erase(channels_, channel) == 0) return;
  const ChannelTotals totals = channel->Totals();
  all_left_ += totals;
  const std::string& guest = channel->guest();
  const bool more = std::any_of(
      channels_.begin(), channels_.end(),
      [&guest](const auto& other) { return other->guest() == guest; });
  if (more) {
    left_[guest] += totals;
  } else {
    left_.erase(guest);
  }
}

void Metrics::CountEnd(Termination why) {
  ended_[static_cast<size_t>(why)].fetch_add(1, std::memory_order_relaxed);
}

MetricsSnapshot Metrics::Snapshot() const {
  MetricsSnapshot snapshot = {.duration = duration.Snapshot(),
                              .queue_wait = queue_wait.Snapshot(),
                              .connect = connect.Snapshot(),
                              .handshake = handshake.Snapshot()};
  for (size_t i = 0; i < ended_.size(); ++i) {
    snapshot.ended[i] = ended_[i].load(std::memory_order_relaxed);
  }
  absl::MutexLock lock(&mu_);
  snapshot.all = all_left_;
  for (const auto& [guest, totals] : left_) {
    snapshot.guests[guest].totals = totals;
  }
  for (const auto& channel : channels_) {
    const ChannelTotals totals = channel->Totals();
    GuestFigures& guest = snapshot.guests[channel->guest()];
    guest.totals += totals;
    ++guest.channels[static_cast<size_t>(channel->state())];
    snapshot.all += totals;
  }
  return snapshot;
}

std::vector<ChannelStatus> Metrics::Channels() const {
  std::vector<ChannelStatus> statuses;
  {
    absl::MutexLock lock(&mu_);
    for (const auto& channel : channels_) statuses.push_back(channel->Status());
  }
  std::sort(statuses.begin(), statuses.end(),
            [](const ChannelStatus& a, const ChannelStatus& b) {
              return std::tie(a.guest, a.name) < std::tie(b.guest, b.name);
            });
  return statuses;
}

}  // namespace vios
