// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_TERMINATION_H_
#define VIOS_PROXY_PROXY_TERMINATION_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "channel/channel.h"
#include "channel/session_end.h"

namespace vios {

// Why a session, or a client that never got one, came to its end: a closed list
// of words for the log, the metrics and whoever counts. Words are only added,
// never renamed. Pure functions.
enum class Termination : uint8_t {
  kClean,
  kBaseClosed,
  kClientReset,
  kServiceReset,
  kClientLeft,
  kServiceRefused,
  kConnectTimeout,
  kIdleTimeout,
  kHalfCloseTimeout,
  kPeerTimeout,
  kPeerRestarted,
  kChannelLost,
  kStreamDamaged,
  kProtocolError,
  kNoResources,
  kDraining,
  kQueueTimeout,
  kQueueFull,
  kUnspecified,  // Stays the last.
};

inline constexpr size_t kTerminationCount =
    static_cast<size_t>(Termination::kUnspecified) + 1;

// Every one of them once, in the order of their values.
std::array<Termination, kTerminationCount> AllTerminations();

// "clean", "idle_timeout", ...: lower case letters and underscores.
absl::string_view TerminationName(Termination termination);
// Half a sentence of what it means.
absl::string_view TerminationMeaning(Termination termination);

// How a session of the daemon `role` ended, or the attempt at one when it had
// not been `established`. Both daemons use the same word for the same end as
// far as the wire tells.
Termination TerminationOf(const SessionEnd& end, Role role, bool established);

// Which of the two daemons ended it: "us" or "peer"; empty when both agreed, or
// the channel did not ask either.
absl::string_view EndedBy(const SessionEnd& end);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_TERMINATION_H_
