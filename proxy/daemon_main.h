// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DAEMON_MAIN_H_
#define VIOS_PROXY_PROXY_DAEMON_MAIN_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/directory_entries.h"
#include "channel/listing.h"
#include "proxy/caretaker.h"
#include "proxy/command_line_main.h"
#include "proxy/common_flags_main.h"
#include "proxy/daemon_status.h"
#include "proxy/instance_lock.h"
#include "proxy/log.h"
#include "proxy/options.h"
#include "proxy/out_of_memory.h"
#include "proxy/service_manager.h"
#include "proxy/status_server.h"

namespace vios {

// What tells the two daemons apart from outside. For the main thread alone.
struct Daemon {
  CommandLine line;
  DirectoryWording directory_wording;
  // Gives up what the running daemon does not need: once all that listens is
  // open, before any thread. May be empty.
  std::function<void()> confine;
};

// Asks the process that --check_health means for its health; the exit status,
// and the reason on stderr. Blocks for seconds at the most.
int CheckHealth(const CommonOptions& options);

// Says on stdout what the daemon would do with what it has found; the exit
// status. Opens no port and changes nothing.
int CheckConfig(const Daemon& daemon, const CommonOptions& options,
                absl::string_view serves, const Listing& listing);

// What a daemon has before it has a thread.
struct Prepared {
  InstanceLock lock;
  std::unique_ptr<StatusServer> status_server;  // Null without --http_address.
  ServiceManager manager;
};

// Log, signals, privileges, directory, lock and status server, before any
// thread. Exits when one of them is not to be had.
Prepared PrepareDaemon(const Daemon& daemon, const CommonOptions& options);

// Shows `status` on the status server, if there is one, and answers probes of
// liveness with `alive`.
void StartStatusServer(const Daemon& daemon, Prepared& prepared,
                       std::function<DaemonStatus()> status,
                       std::function<absl::Status()> alive);

enum class StopBy { kSignal, kRequest };

// Until SIGTERM, SIGINT, or until the status server was asked to stop the
// daemon. Calls `tend` every second or more often, and `drain` once if the
// status server was asked to have it drained; neither while memory is short.
StopBy AwaitStop(Prepared& prepared, Caretaker& caretaker,
                 const std::function<void()>& drain,
                 const std::function<void()>& tend);

// Lets `proxy` finish what it has: until all is done, `drain_timeout` is over
// (0: never), or a second signal; the first one may come behind a request.
// False if something is left to be cut.
template <typename Proxy>
bool DrainProxy(Proxy& proxy, Caretaker& caretaker, StopBy stop,
                absl::Duration drain_timeout) {
  constexpr absl::Duration kLookForSignals = absl::Milliseconds(100);
  const Deadline deadline = Deadline::AfterUnlessZero(drain_timeout);
  bool signalled = stop == StopBy::kSignal;
  proxy.Drain();
  while (
      !proxy.WaitDrained(Earlier(deadline, Deadline::After(kLookForSignals)))) {
    if (deadline.passed()) return false;
    // Who waits for memory may hold what this would wait for.
    if (!MemoryIsShort()) proxy.Tend();
    if (caretaker.AwaitStop(absl::ZeroDuration()) &&
        std::exchange(signalled, true)) {
      return false;
    }
  }
  return true;
}

// Runs the daemon to its end; the exit status. `serves` is for the log, `more`
// what Proxy::Start() takes besides.
template <typename Proxy, typename Options, typename... More>
int RunDaemon(const Daemon& daemon, const Options& options,
              absl::string_view serves, More&&... more) {
  if (OnlyCheckHealth()) return CheckHealth(options);
  if (OnlyCheckConfig()) {
    return CheckConfig(daemon, options, serves, Proxy::Look(options));
  }
  Prepared prepared = PrepareDaemon(daemon, options);
  if (daemon.confine) daemon.confine();
  auto proxy = Proxy::Start(options, std::forward<More>(more)...);
  if (!proxy.ok()) FatalExit(proxy.status().message());
  WaitOnOutOfMemory([] {});  // What runs now is to be kept.
  const auto status = [&proxy] { return (*proxy)->Status(); };
  const auto alive = [&proxy] { return (*proxy)->Alive(); };
  StartStatusServer(daemon, prepared, status, alive);
  VIOS_LOG(kAlert) << "started: " << serves;
  Caretaker caretaker(std::move(prepared.manager), status, alive);
  caretaker.Started();
  const auto ping = [&caretaker] { caretaker.PingIfDue(); };
  WaitOnOutOfMemory(ping);
  const StopBy stop = AwaitStop(
      prepared, caretaker, [&proxy] { (*proxy)->Drain(); },
      [&proxy] { (*proxy)->Tend(); });
  WaitOnOutOfMemory(ping, Deadline::AfterUnlessZero(options.drain_timeout));
  VIOS_LOG(kNotice) << "stopping: running sessions may finish";
  caretaker.Stopping();
  const bool drained =
      DrainProxy(**proxy, caretaker, stop, options.drain_timeout);
  // Whoever waits for some could not be joined, and may hold what a cut needs.
  ExitOnOutOfMemory();
  if (!drained) {
    VIOS_LOG(kNotice) << "stopping: cutting the sessions that are left";
    (*proxy)->Cut();
  }
  // It looks at the proxy.
  if (prepared.status_server) prepared.status_server->Stop();
  proxy->reset();
  VIOS_LOG(kAlert) << "stopped";
  return 0;
}

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DAEMON_MAIN_H_
