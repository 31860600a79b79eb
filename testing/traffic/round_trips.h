// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_ROUND_TRIPS_H_
#define VIOS_PROXY_TESTING_TRAFFIC_ROUND_TRIPS_H_

#include <string>

#include "testing/traffic/client.h"

namespace vios::testing {

// One connection on which `count` times 64 bytes are sent and, before the next,
// their echo is awaited. Only host, port and no_progress of `options` count.
// Blocks; returns "outcome=WORD p50_us=N p99_us=N", the times of one exchange.
std::string RunRoundTrips(const ClientOptions& options, int count);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_ROUND_TRIPS_H_
