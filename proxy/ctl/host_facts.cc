// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/host_facts.h"

#include "channel/listing.h"
#include "proxy/ctl/daemon_processes.h"

namespace vios {

const DaemonReport::Channel* HostFacts::ChannelOf(
    const HostSocket& socket) const {
  return report ? report->FindChannel(socket.guest, socket.name) : nullptr;
}

std::vector<const UnixSocket*> HostFacts::SocketsAt(
    const std::string& path, UnixSocket::Kind kind) const {
  std::vector<const UnixSocket*> found;
  for (const UnixSocket& socket : unix_sockets) {
    if (socket.path == path && socket.kind == kind) found.push_back(&socket);
  }
  return found;
}

HostFacts GatherHostFacts(const Machine& machine, const HostSetup& setup,
                          const Credentials& us) {
  const Listing listing =
      ListHostSide(machine.Real(setup.directory), setup.channels);
  HostFacts facts = {.machine = machine,
                     .setup = setup,
                     .directory = listing.status,
                     .problems = listing.problems,
                     .unix_sockets = UnixSockets(machine),
                     .processes = ProcessList(machine),
                     .user = us};
  const size_t root = machine.Real("").size();
  for (const Endpoint& endpoint : listing.endpoints) {
    facts.sockets.push_back(
        {endpoint.guest, endpoint.name, endpoint.path.substr(root)});
  }
  facts.daemons =
      DaemonsFor(machine, setup.directory, HostDaemon(), facts.processes);
  if (!facts.daemons.empty()) {
    facts.user = CredentialsOf(machine, facts.daemons[0].pid).value_or(us);
  }
  return facts;
}

}  // namespace vios
