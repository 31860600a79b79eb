// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DAEMON_WATCH_H_
#define VIOS_PROXY_PROXY_DAEMON_WATCH_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "proxy/daemon_status.h"
#include "proxy/heartbeat.h"
#include "proxy/metrics.h"
#include "proxy/options.h"
#include "proxy/session_log.h"

namespace vios {

// What both daemons keep so that they can be watched. Thread-safe, once every
// thread that is to be watched is.
class DaemonWatch {
 public:
  // `log` outlives it.
  DaemonWatch(Role role, const CommonOptions& options, const SessionLog& log);

  Metrics& metrics() { return metrics_; }
  // Looks after another thread than the supervisor; `thread` outlives the
  // asking.
  void Watch(const Heartbeat& thread) { threads_.push_back(&thread); }
  // The supervisor has been round.
  void Looked();
  // Whether all threads come round, as Alive() of the status has it, or wait
  // for memory. Takes no lock, and when it is so no memory.
  absl::Status Alive() const;
  // All but what only the daemon itself knows: service, queue, draining, flags.
  DaemonStatus Status() const;

  // How long a thread that comes round every second may be silent: far longer
  // than a machine under load makes it.
  static constexpr absl::Duration kPatience = absl::Seconds(30);

 private:
  const Role role_;
  const std::string directory_;
  const SessionLog& log_;
  const absl::Time started_ = absl::Now();
  const Clock::time_point begun_ = Clock::now();
  std::atomic<bool> scanned_ = false;
  Heartbeat supervisor_;
  std::vector<const Heartbeat*> threads_ = {&supervisor_};
  Metrics metrics_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DAEMON_WATCH_H_
