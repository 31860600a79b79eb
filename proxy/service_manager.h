// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SERVICE_MANAGER_H_
#define VIOS_PROXY_PROXY_SERVICE_MANAGER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"

namespace vios {

// What systemd is told of a service of Type=notify: datagrams to the socket
// that it names in the environment. Without one nothing is told. For the main
// thread alone; a call blocks for at most a second, when systemd is that busy.
class ServiceManager {
 public:
  // Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment,
  // so before the first thread. A socket that cannot be reached is an error in
  // status() and as none.
  static ServiceManager FromEnvironment();

  const absl::Status& status() const { return status_; }
  bool told() const { return socket_.ok(); }  // Is there anybody to tell?
  bool watched() const { return interval_ > absl::ZeroDuration(); }

  // `text` is one line for `systemctl status`.
  void Ready(absl::string_view text);
  void Stopping(absl::string_view text);
  void Status(absl::string_view text);  // Only told when it has changed.

  // When PingIfDue() wants to be called next: never without a watchdog.
  Deadline next_ping() const { return next_ping_; }
  // Keeps the watchdog quiet, if it is time and `alive` says so. Asked at least
  // twice in the time after which systemd kills.
  void PingIfDue(const std::function<bool()>& alive);

 private:
  ServiceManager() = default;
  void Connect(const std::string& name);
  void Send(absl::string_view text);

  UniqueFd socket_;  // Not open: there is nobody to tell.
  absl::Status status_;
  absl::Duration interval_ = absl::ZeroDuration();  // Between pings; 0: none.
  Deadline next_ping_ = Deadline::Never();
  std::string told_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SERVICE_MANAGER_H_
