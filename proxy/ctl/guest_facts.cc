// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/guest_facts.h"

#include <utility>

#include "channel/directory_entries.h"
#include "channel/listing.h"
#include "proxy/ctl/daemon_processes.h"

namespace vios {
namespace {

std::vector<GuestPort> PortsIn(const Machine& machine, const GuestSetup& setup,
                               const std::vector<KernelPort>& kernel_ports) {
  std::vector<GuestPort> ports;
  const Listing listing =
      ListGuestSide(machine.Real(setup.directory), setup.channels);
  for (const Endpoint& endpoint : listing.endpoints) {
    GuestPort port = {endpoint.name, JoinPath(setup.directory, endpoint.name)};
    const std::string target = machine.ReadLink(port.path);
    port.node = BaseName(target.empty() ? port.path : target);
    for (const KernelPort& one : kernel_ports) {
      if (one.node == port.node) port.figures = one.figures;
    }
    ports.push_back(std::move(port));
  }
  return ports;
}

}  // namespace

GuestFacts GatherGuestFacts(const Machine& machine, const GuestSetup& setup,
                            const Credentials& us) {
  GuestFacts facts = {.machine = machine,
                      .setup = setup,
                      .kernel_ports = KernelPorts(machine),
                      .processes = ProcessList(machine),
                      .user = us};
  facts.ports = PortsIn(machine, setup, facts.kernel_ports);
  facts.daemons =
      DaemonsFor(machine, setup.directory, GuestDaemon(), facts.processes);
  if (!facts.daemons.empty()) {
    facts.user = CredentialsOf(machine, facts.daemons[0].pid).value_or(us);
  }
  return facts;
}

}  // namespace vios
