// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_WORLD_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_WORLD_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "testing/campaign/service_log.h"
#include "testing/vm/figures.h"
#include "testing/vm/process.h"
#include "testing/vm/traffic_service.h"
#include "testing/vm/vm.h"

namespace vios::testing {

// A guest with channels, both daemons and a service; each of the three can be
// killed and started again. Errors are the harness's own. Not thread-safe.
class World {
 public:
  // Logs of processes go to the directory `logs`.
  static absl::StatusOr<std::unique_ptr<World>> Start(const std::string& logs,
                                                      int ports);

  Vm& vm() { return *vm_; }
  int ports() const { return ports_; }
  std::string SocketPath(uint32_t which) const;
  static std::string PortName(uint32_t which);
  uint32_t Port(uint32_t which) const;

  absl::Status StartService();
  void KillService();
  Process& service() { return service_->process(); }

  absl::Status StartHost();
  void KillHost() { host_.reset(); }
  Process* host() { return host_.get(); }

  absl::Status StartGuest();
  absl::Status KillGuest();
  absl::Status SignalGuest(int signal);
  absl::StatusOr<Figures> GuestFigures();
  // All that the guest daemon has said since it was last started.
  absl::StatusOr<std::string> GuestLog();
  // How it ended, "running" while it has not.
  absl::StatusOr<std::string> GuestEnd();

  // Counts the starts of both daemons: other figures belong to another one.
  int host_starts() const { return host_starts_; }
  int guest_starts() const { return guest_starts_; }

  // Everything that the service has logged. A connection that was cut by its
  // killing has the outcome "killed".
  ServiceLog ServedSoFar() const;

  // The last lines of each log that says more about the name.
  std::string LogTails();

 private:
  World(const std::string& logs, int ports) : logs_(logs), ports_(ports) {}
  std::string NewLog(const std::string& name, int number) const;

  const std::string logs_;
  const int ports_;
  std::unique_ptr<Vm> vm_;
  std::unique_ptr<TrafficService> service_;
  std::unique_ptr<Process> host_;
  std::optional<Job> guest_;
  ServiceLog past_;  // Of services that were killed.
  uint16_t service_port_ = 0;
  int service_starts_ = 0;
  int host_starts_ = 0;
  int guest_starts_ = 0;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_WORLD_H_
