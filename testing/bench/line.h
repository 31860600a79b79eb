// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_LINE_H_
#define VIOS_PROXY_TESTING_BENCH_LINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "channel/unique_fd.h"
#include "testing/bench/farm_port.h"

namespace vios::testing {

enum class Direction { kUp, kDown };  // Up is from the farm to the service.

// Both ends of one connection through what is measured: that in the farm, which
// speaks our protocol or, for a bare copy, nothing, and that of the service.
// In each direction one thread may send while another takes. All calls block
// for as long as the sockets' time-outs let them.
class Line {
 public:
  // A session that is open; `port` outlives it.
  Line(FarmPort& port, UniqueFd service)
      : port_(&port), service_(std::move(service)) {}
  // Raw bytes.
  Line(UniqueFd bare, UniqueFd service)
      : bare_(std::move(bare)), service_(std::move(service)) {}

  // One write of at most FarmPort::kMaxData bytes.
  absl::Status Send(Direction direction, absl::Span<const uint8_t> bytes);
  // How many bytes came, at least one; 0 at the end.
  absl::StatusOr<size_t> Take(Direction direction, absl::Span<uint8_t> buffer);
  // All of `size` bytes.
  absl::Status TakeAll(Direction direction, size_t size,
                       absl::Span<uint8_t> buffer);

  // Ends both directions in good order. Of a session, which is over then.
  absl::Status Close();

 private:
  FarmPort* port_ = nullptr;
  UniqueFd bare_;
  UniqueFd service_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_LINE_H_
