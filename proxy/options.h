// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_OPTIONS_H_
#define VIOS_PROXY_PROXY_OPTIONS_H_

#include <sys/types.h>

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "channel/channel_filter.h"
#include "channel/silence.h"
#include "proxy/proxy_header.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

namespace vios {

// What both daemons are told; the mains fill it from checked flags, tests by
// hand. Plain values. A duration of zero means "off" where that is said.
struct CommonOptions {
  // Where the end points are: host_directory of the guest daemon,
  // guest_directory of the host daemon.
  std::string directory;
  ChannelFilter channels;  // Which of them are ours.
  absl::Duration rescan_interval = absl::Seconds(1);
  // The longest wait before a failed end point is tried again.
  absl::Duration reconnect_interval = absl::Seconds(5);
  // Guest: SYN to SYNACK. Host: the dial, and SYNACK to ACK. 0: no limit.
  absl::Duration connect_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::ZeroDuration();     // 0: off.
  absl::Duration half_close_timeout = absl::Seconds(60);  // 0: off.
  absl::Duration peer_timeout = absl::ZeroDuration();     // 0: off.
  absl::Duration drain_timeout = absl::Seconds(25);       // 0: no limit.
  // False: speak the base protocol only.
  bool protocol_options = true;
  std::optional<SocketAddress> http_address;  // Of the status server, if any.
  bool http_control = false;  // It may drain and stop the daemon.
};

struct GuestOptions : CommonOptions {
  SocketAddress listen_address = SocketAddress::Loopback(5672);
  mode_t listen_mode = 0660;                         // Of a unix socket.
  absl::Duration queue_timeout = absl::Seconds(30);  // 0: no limit.
  int max_queue = 128;
};

struct HostOptions : CommonOptions {
  HostOptions() { connect_timeout = absl::Seconds(25); }
  ServiceAddress service = ServiceAddress(SocketAddress::Loopback(5672));
  ProxyProtocol proxy_protocol = ProxyProtocol::kOff;
  SilenceLimits silence;  // No flag: the figures are the protocol's.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_OPTIONS_H_
