// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_CAMPAIGN_PLAN_H_
#define VIOS_PROXY_TESTING_CAMPAIGN_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "testing/campaign/fault.h"
#include "testing/traffic/content.h"

namespace vios::testing {

// One connection that a client in the guest is to make. A value.
struct Connection {
  std::string name;   // Unique in a campaign; the service logs it.
  std::string verb;   // both, answer or first: see testing/traffic/behaviour.h.
  Content up;         // From the client.
  Content down;       // From the service.
  bool stay = false;  // Lasts until it is told to end.
  bool vanish = false;  // Ends in a reset.
  absl::Duration read_delay;

  std::string Request() const;
  // The whole command line in the guest.
  std::string Command() const;
};

struct PlannedFault {
  Fault fault;
  absl::Duration lasts;
  uint32_t which;  // Of the ports, or of the clients.
};

// Connections, and what happens while they run. A second fault begins, and
// may end, while the first lasts.
struct Round {
  std::vector<Connection> connections;  // Those that stay come first.
  absl::Duration before;                // From the last's start to the fault.
  std::vector<PlannedFault> faults;     // One or two.
};

// Round `index` of the campaign `seed`: a function of the two alone. Each run
// of kFaults rounds has every fault as its first one.
Round DrawRound(uint64_t seed, int index);

// A small connection that stays, to see whether channels work.
Connection CheckConnection(const std::string& name);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_CAMPAIGN_PLAN_H_
