// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_GUEST_FACTS_H_
#define VIOS_PROXY_PROXY_CTL_GUEST_FACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "channel/channel_filter.h"
#include "proxy/ctl/credentials.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/kernel_ports.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/process_list.h"
#include "proxy/default_directories.h"
#include "proxy/socket_address.h"

namespace vios {

// How the guest daemon is, or should be, started: as its flags.
struct GuestSetup {
  std::string directory = kPortDirectory;
  ChannelFilter channels;
  SocketAddress listen_address = SocketAddress::Loopback(5672);
};

// An end point of ours as the directory shows it.
struct GuestPort {
  std::string name;
  std::string path;  // In the directory.
  std::string node;  // "vport1p1"; the device that it leads to.
  std::optional<PortFigures> figures;
};

// What the checks of a guest look at, gathered at one moment. `machine`
// outlives it.
struct GuestFacts {
  const Machine& machine;
  GuestSetup setup;
  std::vector<KernelPort> kernel_ports;  // Ours and others'.
  std::vector<GuestPort> ports;          // Ours that the directory shows.
  ProcessList processes;
  std::vector<Process> daemons;  // vios-proxy-guest, however often it runs.
  Credentials user;              // Of the daemon; without one, ours.
  std::optional<DaemonReport> report;  // If there is a status server.
  bool status_fails = false;           // There is, but it does not answer.
};

// Reads all but these two. Without a daemon the facts are about `us`. Blocks as
// the file system does; opens no port.
GuestFacts GatherGuestFacts(const Machine& machine, const GuestSetup& setup,
                            const Credentials& us);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_GUEST_FACTS_H_
