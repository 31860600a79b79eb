// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DAEMON_REPORT_H_
#define VIOS_PROXY_PROXY_CTL_DAEMON_REPORT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace vios {

// What a daemon's status server says, as far as we use it. Values; text is as
// it was sent, so escape it where it is shown. What was not sent is empty.
struct DaemonReport {
  struct Channel {
    std::string guest;  // Empty in the guest daemon.
    std::string name;
    std::string state;  // "down", "free", "busy", "resync".
    double state_seconds = 0;
    std::string peer_agent;  // Of the last session; empty: none, or of 0.2.
    bool heard = false;      // A frame has come on this connection.
    std::string client;      // Of the session that it has.
    double session_seconds = 0;
    uint64_t bytes_to_service = 0, bytes_from_service = 0;
    std::string last_error;
    double last_error_seconds_ago = 0;
  };

  std::string address;  // Where it was asked, as --http_address has it.
  std::string program;  // "vios-proxy-guest"
  std::string version;
  std::string service;    // Where it listens, or what it connects to.
  std::string directory;  // Of its end points.
  double uptime_seconds = 0;
  bool draining = false;
  bool ready = false;
  std::string why_not_ready;
  std::optional<uint64_t> queued;  // Clients that wait; the guest's.
  std::vector<Channel> channels;
  std::map<std::string, uint64_t> ended;  // Sessions, by the word for why.
  std::map<std::string, std::string> flags;
  // The value of one of these; null when it does not say.
  const std::string* Flag(const std::string& name) const;
  std::string json;  // All of it.

  size_t CountChannels(absl::string_view state) const;
  // What it says of a channel; null when it says nothing. In the guest `guest`
  // is empty.
  const Channel* FindChannel(absl::string_view guest,
                             absl::string_view name) const;
};

// Parses what GET /status answers. INVALID_ARGUMENT when it is no status of a
// daemon. Pure.
absl::StatusOr<DaemonReport> ParseDaemonReport(absl::string_view json);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DAEMON_REPORT_H_
