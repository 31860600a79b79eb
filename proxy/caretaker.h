// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CARETAKER_H_
#define VIOS_PROXY_PROXY_CARETAKER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
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
  static constexpr absl::Duration kInformEvery = absl::Seconds(5);

  // `status` and `alive`, which is all that the watchdog asks, may be called
  // until it is destroyed. systemd is told the status every `inform_every`.
  Caretaker(ServiceManager manager, std::function<DaemonStatus()> status,
            std::function<absl::Status()> alive,
            absl::Duration inform_every = kInformEvery);

  // The daemon has started, or begins to stop: for systemd.
  void Started();
  void Stopping();

  // Goes about its work for `time`; true at once when SIGTERM or SIGINT comes.
  bool AwaitStop(absl::Duration time);
  // The part of it that cannot wait, without memory: keeps the watchdog quiet,
  // also while threads that wait for memory do not come round.
  void PingIfDue();

 private:
  void Inform();
  std::string Summary() const;

  ServiceManager manager_;
  const std::function<DaemonStatus()> status_;
  const std::function<absl::Status()> alive_;
  const absl::Duration inform_every_;
  Deadline inform_ = Deadline::Never();  // When systemd is told again.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CARETAKER_H_
