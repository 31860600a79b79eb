// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_LONGRUN_SESSION_SUMS_H_
#define VIOS_PROXY_TESTING_LONGRUN_SESSION_SUMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace vios::testing {

// What a daemon, or all clients together, say that their sessions carried, in
// bytes. A value.
struct SessionSums {
  uint64_t sessions = 0;
  uint64_t up = 0;
  uint64_t down = 0;

  friend bool operator==(const SessionSums&, const SessionSums&) = default;
};

// The sums of all sessions in the log of a daemon: of those with a line of
// their own and of those that a line sums up. Lines that tell of an end which
// is not clean are added to `unclean`, unless it is null.
SessionSums SumSessions(absl::string_view log,
                        std::vector<std::string>* unclean);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_LONGRUN_SESSION_SUMS_H_
