// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_LOAD_CLIENT_H_
#define VIOS_PROXY_TESTING_BENCH_LOAD_CLIENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "testing/bench/load_request.h"

namespace vios::testing {

struct LoadAddress {
  std::string host;  // IPv4.
  uint16_t port;
  // Each further connection of a measurement goes to a port so much higher.
  uint16_t step = 0;
};

// One measurement of each kind against a load service; all block until it is
// done, at most a minute without progress. Times are in microseconds.

// `count` times connect, request, answer, close, one after the other: how long
// each took from connect() to the answer. Pauses so that there are no more than
// `per_second` of them, if that is not 0.
absl::StatusOr<std::vector<double>> MeasureConnects(const LoadAddress& address,
                                                    int count, int per_second);
// How long each of `count` round trips took, on one connection.
absl::StatusOr<std::vector<double>> MeasureRoundTrips(
    const LoadAddress& address, uint64_t size, int count);
// Bytes each way per second over `streams` connections at once, which are made
// before the clock starts; each carries `request.total`.
absl::StatusOr<double> MeasureStreams(const LoadAddress& address,
                                      const LoadRequest& request, int streams);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_LOAD_CLIENT_H_
