// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DAEMON_MAIN_H_
#define VIOS_PROXY_PROXY_DAEMON_MAIN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "proxy/command_line_main.h"
#include "proxy/instance_lock.h"
#include "proxy/log.h"
#include "proxy/options.h"
#include "proxy/root_directory.h"
#include "proxy/stop_signals.h"

namespace vios {

// What tells the two daemons apart from outside. For the main thread alone.
struct Daemon {
  CommandLine line;
  absl::string_view port_diagnostic;
  DirectoryDiagnostics directory_diagnostics;
};

// The names of the flags that both have, for the short help.
std::vector<std::string> CommonFlagNames();

// Fills `options` from the flags that both have; the status of the first value
// that is not allowed.
absl::Status ReadCommonFlags(const Daemon& daemon, CommonOptions& options);

// Log, signals, directory and lock, before any thread. Exits when one of them
// is not to be had.
InstanceLock PrepareDaemon(const Daemon& daemon, const CommonOptions& options);

// Until SIGTERM or SIGINT.
void AwaitStop(InstanceLock& lock);

// Lets `proxy` finish what it has: until all is done, `drain_timeout` is over
// (0: never), or a second signal. False if something is left to be cut.
template <typename Proxy>
bool DrainProxy(Proxy& proxy, absl::Duration drain_timeout) {
  constexpr absl::Duration kLookForSignals = absl::Milliseconds(100);
  const Deadline deadline = Deadline::AfterUnlessZero(drain_timeout);
  proxy.Drain();
  while (
      !proxy.WaitDrained(Earlier(deadline, Deadline::After(kLookForSignals)))) {
    if (deadline.passed() || AwaitStopSignal(absl::ZeroDuration())) {
      return false;
    }
  }
  return true;
}

// Runs the daemon to its end; the exit status. `serves` is for the log.
template <typename Proxy, typename Options>
int RunDaemon(const Daemon& daemon, const Options& options,
              absl::string_view serves) {
  InstanceLock lock = PrepareDaemon(daemon, options);
  auto proxy = Proxy::Start(options);
  if (!proxy.ok()) FatalExit(proxy.status().message());
  VIOS_LOG(kAlert) << "started: " << serves;
  AwaitStop(lock);
  VIOS_LOG(kNotice) << "stopping: running sessions may finish";
  if (!DrainProxy(**proxy, options.drain_timeout)) {
    VIOS_LOG(kNotice) << "stopping: cutting the sessions that are left";
    (*proxy)->Cut();
  }
  proxy->reset();
  VIOS_LOG(kAlert) << "stopped";
  return 0;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DAEMON_MAIN_H_
