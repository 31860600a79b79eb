// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/doctor_host.h"

#include "proxy/ctl/chain.h"
#include "proxy/ctl/check_client.h"
#include "proxy/ctl/check_daemon.h"
#include "proxy/ctl/check_qemu.h"
#include "proxy/ctl/check_service.h"
#include "proxy/ctl/check_sockets.h"
#include "proxy/ctl/daemon_processes.h"

namespace vios {

Verdicts ExamineSockets(const HostFacts& facts) {
  return Examine({
      [&] { return CheckGuestDirectory(facts); },
      [&] { return CheckSockets(facts); },
      [&] { return CheckSocketPaths(facts); },
      [&] { return CheckSocketPermission(facts); },
      [&] { return CheckQemuListens(facts); },
      [&] { return CheckQemuPorts(facts); },
      [&] { return CheckSocketClient(facts); },
      [&] { return CheckConnected(facts); },
      [&] { return CheckGuestEnd(facts); },
  });
}

Verdicts ExamineHostDaemon(const HostFacts& facts, Deadline deadline,
                           Wakeup& wakeup) {
  Verdicts verdicts = Examine({
      [&] {
        return CheckRunning(HostDaemon(), facts.machine, facts.processes,
                            facts.daemons);
      },
      [&] { return CheckDraining(facts.report); },
      [&] { return CheckOptions(facts.report, facts.daemons); },
  });
  // Without a daemon, too.
  verdicts.push_back(CheckService(facts.setup.service, deadline, wakeup));
  return verdicts;
}

}  // namespace vios
