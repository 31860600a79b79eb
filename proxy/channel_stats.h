// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_STATS_H_
#define VIOS_PROXY_PROXY_CHANNEL_STATS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "channel/channel.h"
#include "channel/channel_counters.h"
#include "channel/counter.h"
#include "channel/deadline.h"
#include "proxy/channel_status.h"

namespace vios {

// What the worker of a channel writes down about it, for those that watch. The
// worker writes, any thread reads; nothing blocks but for a few assignments.
class ChannelStats {
 public:
  ChannelStats(std::string guest, std::string name, Role role)
      : guest_(std::move(guest)), name_(std::move(name)), role_(role) {}

  // For the Channel: its pumps add without asking.
  ChannelCounters& counters() { return counters_; }

  // The far end is attached; the state is the caller's to say.
  void Connected();
  // A session, if there was one, has ended.
  void Enter(ChannelState state);
  // Enters kBusy.
  void BeginSession(absl::string_view client);
  void Agreed(absl::string_view tokens, absl::string_view peer_agent);
  void Failed(absl::string_view why);
  void CountProtocolError(ProtocolErrorKind kind);

  const std::string& guest() const { return guest_; }
  ChannelState state() const;
  ChannelTotals Totals() const;
  ChannelStatus Status() const;

 private:
  struct Session {
    std::string tokens;
    std::string client;
    Clock::time_point begun;
    ChannelTotals before;
  };

  const std::string guest_;
  const std::string name_;
  const Role role_;
  ChannelCounters counters_;
  Counter connections_;
  std::array<Counter, kProtocolErrorKinds> protocol_errors_;
  mutable absl::Mutex mu_;
  ChannelState state_ ABSL_GUARDED_BY(mu_) = ChannelState::kDown;
  Clock::time_point since_ ABSL_GUARDED_BY(mu_) = Clock::now();
  std::optional<Session> session_ ABSL_GUARDED_BY(mu_);
  std::string peer_agent_ ABSL_GUARDED_BY(mu_);
  uint64_t frames_before_ ABSL_GUARDED_BY(mu_) = 0;  // This connection.
  std::string last_error_ ABSL_GUARDED_BY(mu_);
  Clock::time_point last_error_at_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_STATS_H_
