// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_main.h"

#include <sys/resource.h>

#include <cstdio>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "proxy/ask_health.h"
#include "proxy/config_report.h"
#include "proxy/confine.h"
#include "proxy/control_requests.h"
#include "proxy/stop_signals.h"

namespace vios {
namespace {

std::unique_ptr<StatusServer> OpenStatusServer(const CommonOptions& options) {
  if (!options.http_address) return nullptr;
  auto server = StatusServer::Open(*options.http_address,
                                   {.control = options.http_control});
  if (server.ok()) return *std::move(server);
  FatalExit(absl::StrCat("--http_address: ", server.status().message()));
}

// The soft limit is 1,024 as a rule, for the sake of programs that select().
void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int CheckHealth(const CommonOptions& options) {
  const absl::Status health =
      AskHealth(options.http_address.value(), FlagValue("check_health"),
                Deadline::After(absl::Seconds(4)));
  if (health.ok()) return 0;
  absl::FPrintF(stderr, "%s\n", health.message());
  return 1;
}

int CheckConfig(const Daemon& daemon, const CommonOptions& options,
                absl::string_view serves, const Listing& listing) {
  const absl::Status directory =
      CheckDirectory(options.directory, daemon.directory_wording);
  if (!directory.ok()) FatalExit(directory.message());
  absl::PrintF("%s", ConfigReport(serves, listing));
  if (options.http_address) {
    absl::PrintF("status server on %s\n", options.http_address->ToString());
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

Prepared PrepareDaemon(const Daemon& daemon, const CommonOptions& options) {
  TakeSignals();
  RaiseDescriptorLimit();
#ifdef NDEBUG
  // Debian's Abseil comes with this check on; it costs more than the locks.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  InitLogging(daemon.line.program);
  const absl::Status privileges = ForgoPrivileges();
  if (!privileges.ok()) VIOS_LOG(kWarn) << privileges.message();
  const absl::Status directory =
      CheckDirectory(options.directory, daemon.directory_wording);
  if (!directory.ok()) FatalExit(directory.message());
  absl::StatusOr<InstanceLock> lock = InstanceLock::Acquire(
      daemon.line.program, options.directory, options.channels);
  if (!lock.ok()) FatalExit(lock.status().message());
  return {*std::move(lock), OpenStatusServer(options),
          ServiceManager::FromEnvironment()};
}

void StartStatusServer(const Daemon& daemon, Prepared& prepared,
                       std::function<DaemonStatus()> status,
                       std::function<absl::Status()> alive) {
  if (prepared.status_server == nullptr) return;
  const absl::Status started = prepared.status_server->Start(
      [status = std::move(status), flags = FlagsInForce(daemon.line)] {
        DaemonStatus shown = status();
        shown.flags = flags;
        return shown;
      },
      std::move(alive));
  if (!started.ok()) FatalExit(started.message());
  VIOS_LOG(kNotice) << "status server on " << prepared.status_server->address();
}

StopBy AwaitStop(Prepared& prepared, Caretaker& caretaker,
                 const std::function<void()>& drain,
                 const std::function<void()>& tend) {
  const ControlRequests* requests =
      prepared.status_server ? prepared.status_server->requests() : nullptr;
  const absl::Duration look =
      requests == nullptr ? absl::Seconds(1) : absl::Milliseconds(200);
  bool drained = false;
  Deadline visit = Deadline::After(absl::Minutes(1));
  while (!caretaker.AwaitStop(look)) {
    if (visit.passed()) {
      prepared.lock.DropVisitors();
      visit = Deadline::After(absl::Minutes(1));
    }
    if (requests != nullptr && requests->quit()) return StopBy::kRequest;
    // Who waits for memory may hold what these would wait for.
    if (MemoryIsShort()) continue;
    tend();
    if (requests != nullptr && requests->drain() &&
        !std::exchange(drained, true)) {
      VIOS_LOG(kNotice) << "draining: no new sessions";
      drain();
    }
  }
  return StopBy::kSignal;
}

}  // namespace vios
