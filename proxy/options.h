// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_OPTIONS_H_
#define VIOS_PROXY_PROXY_OPTIONS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "channel/channel_filter.h"
#include "channel/silence.h"
#include "channel/unique_fd.h"
#include "proxy/proxy_header.h"

namespace vios {

// What both daemons are told; the mains fill it from checked flags, tests by
// hand. Plain values. A duration of zero means "off" where that is said.
struct CommonOptions {
  // Where the end points are: host_directory of the guest daemon,
  // guest_directory of the host daemon.
  std::string directory;
  ChannelFilter channels;  // Which of them are ours.
  // The port that the guest listens on, the host connects to.
  uint16_t service_port = 5672;
  absl::Duration rescan_interval = absl::Seconds(1);
  // The longest wait before a failed end point is tried again.
  absl::Duration reconnect_interval = absl::Seconds(5);
  // Guest: SYN to SYNACK. Host: the dial, and SYNACK to ACK.
  absl::Duration connect_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::ZeroDuration();     // 0: off.
  absl::Duration half_close_timeout = absl::Seconds(60);  // 0: off.
  absl::Duration peer_timeout = absl::ZeroDuration();     // 0: off.
  absl::Duration drain_timeout = absl::Seconds(25);
  // False: speak the base protocol only.
  bool protocol_options = true;
  // Of the status server, "ADDRESS:PORT" or "unix:/path"; empty: there is none.
  std::string http_address;
  bool http_control = false;  // It may drain and stop the daemon.
};

struct GuestOptions : CommonOptions {
  // An IP address, or "unix:/path", for which service_port is not used.
  std::string listen_address = "127.0.0.1";
  mode_t listen_mode = 0660;  // Of the unix socket.
  // A listener that is open already, at this address and port, for the daemon
  // to take; null: there is none.
  std::shared_ptr<UniqueFd> listener = nullptr;
  absl::Duration queue_timeout = absl::Seconds(30);
  int max_queue = 128;
};

struct HostOptions : CommonOptions {
  HostOptions() { connect_timeout = absl::Seconds(25); }
  // An IP address, a host name, or "unix:/path".
  std::string service_address = "127.0.0.1";
  ProxyProtocol proxy_protocol = ProxyProtocol::kOff;
  SilenceLimits silence;  // No flag: the figures are the protocol's.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_OPTIONS_H_
