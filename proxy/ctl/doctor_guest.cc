// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/doctor_guest.h"

#include "proxy/ctl/chain.h"
#include "proxy/ctl/check_attached.h"
#include "proxy/ctl/check_daemon.h"
#include "proxy/ctl/check_kernel.h"
#include "proxy/ctl/check_port_access.h"
#include "proxy/ctl/check_ports.h"
#include "proxy/ctl/daemon_processes.h"

namespace vios {

Verdicts ExaminePorts(const GuestFacts& facts) {
  return Examine({
      [&] { return CheckDevice(facts.machine); },
      [&] { return CheckModule(facts.machine); },
      [&] { return CheckPortNames(facts); },
      [&] { return CheckPortLinks(facts); },
      [&] { return CheckPortCount(facts); },
      [&] { return CheckPortPermission(facts); },
      [&] { return CheckPortHolder(facts); },
      [&] { return CheckAttached(facts); },
      [&] { return CheckAnswers(facts); },
  });
}

Verdicts ExamineGuestDaemon(const GuestFacts& facts) {
  // One that drains has closed its listener.
  const bool draining = facts.report && facts.report->draining;
  return Examine({
      [&] {
        return CheckRunning(GuestDaemon(), facts.machine, facts.processes,
                            facts.daemons);
      },
      [&] { return CheckDraining(facts.report); },
      [&] {
        return draining
                   ? Fine("listening", "")
                   : CheckListening(facts.machine, facts.processes,
                                    facts.daemons, facts.setup.listen_address);
      },
      [&] { return CheckOptions(facts.report, facts.daemons); },
  });
}

}  // namespace vios
