// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_BEHAVIOUR_H_
#define VIOS_PROXY_TESTING_TRAFFIC_BEHAVIOUR_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace vios::testing {

// The first line of a connection, without its end; at most 256 bytes.
absl::StatusOr<std::string> ReadRequest(int socket);

// Where a request is answered. Nothing is owned.
struct Exchange {
  int socket;
  absl::Duration no_progress;  // Already set on `socket`.
  const absl::Notification* stopping;
};

// Does what `request` says and returns how it went, for the log:
// "outcome=WORD received=BYTES digest=HEX sent=BYTES". Requests, N a size and
// S a seed; words behind them are only logged:
//   echo                   sends back what comes, to the end
//   sink                   reads to the end, answers with a report line
//   source N S             answers at once
//   source-after-eof N S   answers after the end of what comes
//   both N S M T           sends N S while M T comes in, then a report line
//   answer N S M T         the same, but answers after the end of M T
//   first N S M T          sends N S and ends first, then M T is to come
//   source-reset N S       sends, then resets
//   close-first TEXT       sends TEXT and ends first, then reads to the end
//   hold                   says nothing, reads to the end
//   stall                  does nothing until the service stops
//   reset                  resets
//   p                      answers one byte
// All but the resets and the stall then end their side and wait for the end of
// the other.
std::string Behave(const std::string& request, const Exchange& exchange);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_BEHAVIOUR_H_
