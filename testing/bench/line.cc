// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/line.h"

#include <algorithm>
#include <array>

#include "testing/traffic/tcp.h"

namespace vios::testing {

absl::Status Line::Send(Direction direction, absl::Span<const uint8_t> bytes) {
  if (direction == Direction::kDown) return WriteAll(service_.get(), bytes);
  // The port has bytes of its own; what they are is all the same.
  if (port_ != nullptr) return port_->Send(bytes.size());
  return WriteAll(bare_.get(), bytes);
}

absl::StatusOr<size_t> Line::Take(Direction direction,
                                  absl::Span<uint8_t> buffer) {
  if (direction == Direction::kUp) return ReadSome(service_.get(), buffer);
  if (port_ != nullptr) return port_->Take(buffer);
  return ReadSome(bare_.get(), buffer);
}

absl::Status Line::TakeAll(Direction direction, size_t size,
                           absl::Span<uint8_t> buffer) {
  while (size > 0) {
    const auto n = Take(direction, buffer);
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::AbortedError("the stream ended too early");
    size -= std::min(size, *n);
  }
  return absl::OkStatus();
}

absl::Status Line::Close() {
  absl::Status status = port_->SendFin();
  if (!status.ok()) return status;
  std::array<uint8_t, 1> byte;
  const auto n = ReadSome(service_.get(), absl::MakeSpan(byte));
  if (!n.ok()) return n.status();
  if (*n != 0) return absl::InternalError("bytes that nobody sent");
  status = ShutdownWrite(service_.get());
  if (!status.ok()) return status;
  return port_->Finish();
}

}  // namespace vios::testing
