// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_LOAD_STREAM_H_
#define VIOS_PROXY_TESTING_BENCH_LOAD_STREAM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace vios::testing {

// Load on a connected socket: bytes without a meaning. All of them block, as
// long as the socket's time-outs let them. Thread-safe.

// Exactly these bytes; the end of the stream before them is an error.
absl::Status ReadAll(int socket, absl::Span<uint8_t> bytes);

// `total` bytes in writes of `size` each.
absl::Status SendLoad(int socket, uint64_t total, uint64_t size);
// Reads `total` bytes and throws them away.
absl::Status TakeLoad(int socket, uint64_t total);

// Small messages are to be sent at once.
absl::Status SetNoDelay(int socket);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_LOAD_STREAM_H_
