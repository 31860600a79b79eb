// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DAEMON_STATUS_H_
#define VIOS_PROXY_PROXY_DAEMON_STATUS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/role.h"
#include "proxy/channel_status.h"
#include "proxy/histogram.h"
#include "proxy/termination.h"

namespace vios {

// A daemon at one moment, as the status server shows it. Plain values; a
// rendering of them is a pure function.

struct GuestFigures {
  ChannelTotals totals;
  std::array<size_t, kChannelStates> channels = {};  // By state.
};

struct MetricsSnapshot {
  // By Termination: sessions, and clients that never got one.
  std::array<uint64_t, kTerminationCount> ended = {};
  HistogramSnapshot duration, queue_wait, connect, handshake;
  uint64_t dropped_log_lines = 0;
  // Of guests that have a channel now; the guest daemon has one, "".
  std::map<std::string, GuestFigures> guests;
  ChannelTotals all;  // Of channels that have left, too.
};

struct QueueStatus {
  size_t length = 0;
  size_t limit = 0;
};

struct ThreadStatus {
  std::string name;
  absl::Duration silent_for;
  bool alive = true;
};

// What the process has of the system; nothing where it cannot be known.
struct ProcessStatus {
  std::optional<double> cpu_seconds;
  std::optional<uint64_t> open_fds, max_fds, threads;
  std::optional<uint64_t> resident_bytes, virtual_bytes;
};

struct DaemonStatus {
  Role role = Role::kHost;
  std::string version;
  std::string service;    // Where it listens, or what it connects to.
  std::string directory;  // Of its end points.
  absl::Time started;  // By the clock of then, which may have been set since.
  absl::Duration uptime;
  absl::Time now;
  bool scanned = false;  // The first look at the directory is done.
  bool draining = false;
  std::vector<ThreadStatus> threads;
  std::vector<std::pair<std::string, std::string>> flags;
  std::optional<QueueStatus> queue;     // The guest's.
  std::vector<ChannelStatus> channels;  // By guest and name.
  MetricsSnapshot metrics;
  ProcessStatus process;
};

absl::string_view RoleName(Role role);  // "guest" or "host"

// How many channels are in `state`.
size_t CountChannels(const DaemonStatus& status, ChannelState state);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DAEMON_STATUS_H_
