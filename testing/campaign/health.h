// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_HEALTH_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_HEALTH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "testing/campaign/world.h"
#include "testing/vm/figures.h"

namespace vios::testing {

// Whether the daemons still run, and hold no more than when they were new: each
// is compared with its own first figures. To be asked while no session runs.
// Not thread-safe.
class Health {
 public:
  explicit Health(World& world) : world_(world) {}

  // Adds what is wrong to `wrong`. An error is the harness's own.
  absl::Status Check(std::vector<std::string>& wrong);
  // "host daemon: 30 descriptors, ... at first, ... now", a line for each.
  std::string Figures() const;

 private:
  struct Compared {
    int start = 0;  // Which instance it is.
    testing::Figures first;
    testing::Figures now;
  };
  absl::Status Compare(const std::string& name, int start,
                       std::vector<std::string>& wrong);
  absl::StatusOr<testing::Figures> Read(const std::string& name);

  World& world_;
  std::map<std::string, Compared> compared_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_HEALTH_H_
