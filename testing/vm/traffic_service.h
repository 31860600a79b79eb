// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_TRAFFIC_SERVICE_H_
#define VIOS_PROXY_TESTING_VM_TRAFFIC_SERVICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/vm/process.h"

namespace vios::testing {

// The service that is being proxied (testing/traffic) as a process on this
// host. It ends with the object. Not thread-safe.
class TrafficService {
 public:
  // Port 0 takes a free one. `log` is a file to be made, `flags` are more for
  // the program.
  static absl::StatusOr<std::unique_ptr<TrafficService>> Start(
      const std::string& log, uint16_t port = 0,
      const std::vector<std::string>& flags = {});

  uint16_t port() const { return port_; }

  // A session's first line names it: tests tell their sessions apart by the
  // words that they put behind the request. Whether it has begun (before
  // `limit` is over).
  bool Began(const std::string& request, absl::Duration limit) const;
  bool Began(const std::string& request) const;
  // Whether it has ended so: `how` is part of what is logged of the end.
  bool Ended(const std::string& request, const std::string& how,
             absl::Duration limit) const;
  std::string Log() const { return process_->Log(); }
  Process& process() { return *process_; }

 private:
  TrafficService(std::unique_ptr<Process> process, uint16_t port);

  const std::unique_ptr<Process> process_;
  const uint16_t port_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_TRAFFIC_SERVICE_H_
