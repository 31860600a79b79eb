// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_watch.h"

#include "channel/version.h"
#include "proxy/health.h"
#include "proxy/log_stderr.h"
#include "proxy/out_of_memory.h"
#include "proxy/process_status.h"

namespace vios {
namespace {

ThreadStatus StatusOf(const Heartbeat& heartbeat) {
  return {heartbeat.thread(), heartbeat.silent_for(), heartbeat.alive()};
}

}  // namespace

DaemonWatch::DaemonWatch(Role role, const CommonOptions& options,
                         const SessionLog& log)
    : role_(role),
      directory_(options.directory),
      log_(log),
      supervisor_("supervisor", kPatience + 2 * options.rescan_interval),
      metrics_(role) {}

void DaemonWatch::Looked() {
  supervisor_.Beat();
  scanned_ = true;
}

absl::Status DaemonWatch::Alive() const {
  // Threads that wait for memory come round when there is some.
  if (MemoryIsShort()) return absl::OkStatus();
  for (const Heartbeat* thread : threads_) {
    if (!thread->alive()) return vios::Alive(StatusOf(*thread));
  }
  return absl::OkStatus();
}

DaemonStatus DaemonWatch::Status() const {
  DaemonStatus status = {.role = role_,
                         .version = kVersion,
                         .directory = directory_,
                         .started = started_,
                         .uptime = absl::FromChrono(Clock::now() - begun_),
                         .now = absl::Now(),
                         .scanned = scanned_,
                         .channels = metrics_.Channels(),
                         .metrics = metrics_.Snapshot(),
                         .process = ReadProcessStatus()};
  for (const Heartbeat* thread : threads_) {
    status.threads.push_back(StatusOf(*thread));
  }
  status.metrics.dropped_log_lines = log_.dropped() + DroppedLogLines();
  return status;
}

}  // namespace vios
