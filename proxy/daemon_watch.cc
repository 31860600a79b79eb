// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_watch.h"

#include "channel/version.h"
#include "proxy/process_status.h"

namespace vios {

DaemonWatch::DaemonWatch(Role role, const CommonOptions& options,
                         const SessionLog& log)
    : role_(role),
      directory_(options.directory),
      log_(log),
      supervisor_(kPatience + 2 * options.rescan_interval),
      metrics_(role) {}

void DaemonWatch::Looked() {
  supervisor_.Beat();
  scanned_ = true;
}

DaemonStatus DaemonWatch::Status() const {
  DaemonStatus status = {.role = role_ == Role::kGuest ? "guest" : "host",
                         .version = kVersion,
                         .directory = directory_,
                         .started = started_,
                         .uptime = absl::FromChrono(Clock::now() - begun_),
                         .scanned = scanned_,
                         .threads = {StatusOf("supervisor", supervisor_)},
                         .channels = metrics_.Channels(),
                         .metrics = metrics_.Snapshot(),
                         .process = ReadProcessStatus()};
  status.metrics.dropped_log_lines = log_.dropped();
  return status;
}

ThreadStatus StatusOf(const std::string& thread, const Heartbeat& heartbeat) {
  return {thread, heartbeat.silent_for(), heartbeat.alive()};
}

}  // namespace vios
