// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DAEMON_CHOICE_H_
#define VIOS_PROXY_PROXY_CTL_DAEMON_CHOICE_H_

#include <optional>
#include <string>

#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/daemon_processes.h"
#include "proxy/ctl/daemon_report.h"
#include "proxy/ctl/machine.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Which of the daemons of this machine the doctor is to look at.
struct WantedDaemon {
  DaemonKind kind;
  std::string directory;  // That it serves.
  std::string directory_flag;
  bool as_started = false;     // Nothing was said: another directory will do.
  bool address_given = false;  // Of its status server.
};

struct DaemonChoice {
  // How much of the daemon's setup is known, and so what may be examined: the
  // rest would be a guess.
  enum class Extent { kAll, kAllButDirectory, kNothing };

  std::optional<DaemonReport> report;  // Its, if it can be asked.
  Extent extent = Extent::kAll;
  Verdicts verdicts;  // What there is to say of the choice.
};

// Of those that answered the one that serves the directory; where nothing was
// said, also the only one that there is. Their relative directories are seen
// from the root if that can be told. Of those that did not answer only what
// concerns it is told. Blocks as the file system does.
DaemonChoice ChooseDaemon(const WantedDaemon& wanted, const DaemonReports& all,
                          const Machine& machine);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DAEMON_CHOICE_H_
