// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_WAY_H_
#define VIOS_PROXY_TESTING_BENCH_WAY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "testing/vm/vm.h"

namespace vios::testing {

// What the processes of a way have used since they were started.
struct CpuTimes {
  double guest_seconds = 0;
  double host_seconds = 0;
};

// A way from a client in the guest to the load service. Not thread-safe.
class Way {
 public:
  virtual ~Way() = default;

  // Makes it ready for one measurement of `streams` connections, and returns
  // the load program's flags that go this way.
  virtual absl::StatusOr<std::string> Open(int streams) = 0;
  virtual absl::Status Close() { return absl::OkStatus(); }
  // Whether one connection can follow another.
  virtual bool carries_connections() const { return true; }
  // Of processes that live longer than a measurement; zero without any.
  virtual absl::StatusOr<CpuTimes> Cpu() { return CpuTimes(); }
};

// What all ways lead through or to. All outlive them.
struct WayWorld {
  Vm& vm;
  uint16_t service_port;  // On the host.
  std::string logs;       // A directory for logs of processes on the host.
};

// Connects directly.
std::unique_ptr<Way> DirectWay(const std::string& host, uint16_t port);

// A pair of socats on raw ports `raw.N`, made for each measurement, since a raw
// port carries one connection.
std::unique_ptr<Way> SocatWay(const WayWorld& world);

// A pair of vios-proxy daemons.
struct ProxyWayOptions {
  std::string name;           // Of its logs.
  std::string guest_program;  // In the guest's PATH.
  std::string host_program;   // On this machine.
  std::string guest_channels;
  std::string host_channels;
  uint16_t port;  // In the guest.
};
absl::StatusOr<std::unique_ptr<Way>> ProxyWay(const WayWorld& world,
                                              const ProxyWayOptions& options);

// Until the guest's own TCP sockets have one that listens on `port`.
absl::Status AwaitListening(Vm& vm, uint16_t port);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_WAY_H_
