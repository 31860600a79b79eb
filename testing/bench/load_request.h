// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_LOAD_REQUEST_H_
#define VIOS_PROXY_TESTING_BENCH_LOAD_REQUEST_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace vios::testing {

// What a load client asks of the load service at the begin of a connection.
// Two bytes say what; all but kConnect are followed by two numbers.
enum class LoadKind : uint8_t {
  kConnect = 'C',   // One byte back, then the service closes.
  kPingPong = 'P',  // `total` messages of `size` bytes, each sent back.
  kUp = 'U',        // The client sends `total` bytes, then one comes back.
  kDown = 'D',      // The service sends `total` bytes in writes of `size`.
  kBoth = 'B',      // kUp and kDown at once.
};

struct LoadRequest {
  LoadKind kind = LoadKind::kConnect;
  uint64_t size = 1;
  uint64_t total = 0;
};

// The largest `size`, in bytes.
inline constexpr uint64_t kMaxLoadSize = 1024 * 1024;

// Both block, as long as the socket's time-outs let them. Thread-safe.
absl::Status SendRequest(int socket, const LoadRequest& request);
absl::StatusOr<LoadRequest> ReadRequest(int socket);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_LOAD_REQUEST_H_
