// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_HOST_FACTS_H_
#define VIOS_PROXY_PROXY_CTL_HOST_FACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "channel/channel_filter.h"
#include "proxy/ctl/credentials.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/socket_list.h"
#include "proxy/default_directories.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"

namespace vios {

// How the host daemon is, or should be, started: as its flags.
struct HostSetup {
  std::string directory = kGuestDirectory;
  ChannelFilter channels;
  ServiceAddress service = ServiceAddress(SocketAddress::Loopback(5672));
};

// The host end of a channel, as the directory shows it.
struct HostSocket {
  std::string guest;
  std::string name;
  std::string path;
};

// What the checks of a host look at, gathered at one moment. `machine` outlives
// it.
struct HostFacts {
  const Machine& machine;
  HostSetup setup;
  absl::Status directory;             // Whether it could be listed.
  std::vector<std::string> problems;  // Sub-directories that could not be.
  std::vector<HostSocket> sockets;    // Ours.
  std::vector<UnixSocket> unix_sockets;
  UnixPeers peers;  // Empty where the kernel does not tell.
  ProcessList processes;
  std::vector<Process> daemons;  // vios-proxy-host, however often it runs.
  Credentials user;              // Of the daemon; without one, ours.
  std::optional<DaemonReport> report;  // If there is a status server.

  // What the daemon says of a socket; null when it says nothing.
  const DaemonReport::Channel* ChannelOf(const HostSocket& socket) const;
  // Of the unix sockets that bear `path` those of `kind`.
  std::vector<const UnixSocket*> SocketsAt(const std::string& path,
                                           UnixSocket::Kind kind) const;
};

// Reads all but `peers` and `report`. Without a daemon the facts are about
// `us`. Blocks as the file system does; connects to nothing.
HostFacts GatherHostFacts(const Machine& machine, const HostSetup& setup,
                          const Credentials& us);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_HOST_FACTS_H_
