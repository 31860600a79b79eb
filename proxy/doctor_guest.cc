// SPDX-License-Identifier: Apache-2.0
#include "proxy/doctor_guest.h"

#include "proxy/chain.h"
#include "proxy/check_attached.h"
#include "proxy/check_daemon.h"
#include "proxy/check_kernel.h"
#include "proxy/check_port_access.h"
#include "proxy/check_ports.h"
#include "proxy/daemon_processes.h"

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
