// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CARETAKER_H_
#define VIOS_PROXY_PROXY_CARETAKER_H_

#include <functional>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "proxy/daemon_status.h"
#include "proxy/service_manager.h"

namespace vios {

// What the main thread does while the others work: waits for signals, writes
// the status to the log when SIGUSR1 asks for it, keeps systemd informed, and
// its watchdog quiet as long as the daemon's threads come round. The main
// thread's alone.
class Caretaker {
 public:
  // `status` may be called until it is destroyed.
  Caretaker(ServiceManager manager, std::function<DaemonStatus()> status);

  // The daemon has started, or begins to stop: for systemd.
  void Started();
  void Stopping();

  // Goes about its work for `time`; true at once when SIGTERM or SIGINT comes.
  bool StopAsked(absl::Duration time);

 private:
  void Inform();

  ServiceManager manager_;
  const std::function<DaemonStatus()> status_;
  Deadline inform_ = Deadline::Never();  // When systemd is told again.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CARETAKER_H_
