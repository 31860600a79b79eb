// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DOCTOR_COMMAND_H_
#define VIOS_PROXY_PROXY_CTL_DOCTOR_COMMAND_H_

#include <string>
#include <vector>

#include "channel/wakeup.h"
#include "proxy/ctl/command_result.h"
#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/machine.h"

namespace vios {

struct DoctorRequest {
  std::string side;  // "guest", "host", or empty: what this machine looks like.
  GuestSetup guest;
  HostSetup host;
  // No flag said what the setup is: that of the daemon that answers counts.
  bool as_started = false;
  std::vector<std::string> http_addresses;  // Of daemons that may be asked.
  bool http_address_given = false;  // By --http_address, not by a look around.
  bool probe = false;               // Instead of a look at this side's daemon.
  bool json = false;
};

// "guest" or "host": which daemon runs, or else which could.
std::string GuessSide(const Machine& machine, const HostSetup& host);

// `vios-proxy-ctl doctor`: 0 when nothing is broken. Blocks for some seconds,
// and five more for each of `http_addresses` that does not answer, or until the
// Cancel of `wakeup` fires.
CommandResult RunDoctor(const DoctorRequest& request, const Machine& machine,
                        Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DOCTOR_COMMAND_H_
