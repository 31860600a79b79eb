// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_FRAME_TALLY_H_
#define VIOS_PROXY_TESTING_BENCH_FRAME_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "channel/frame.h"

namespace vios::testing {

// Follows the frames of one session with options in the byte stream of its
// channel, at hardly any cost: payloads are neither kept nor looked at.
// Not thread-safe.
class FrameTally {
 public:
  // How many bytes of data were among `bytes`, the next ones of the stream.
  // ABORTED when the peer has reset the session, or what comes is no frame.
  absl::StatusOr<size_t> Add(absl::Span<const uint8_t> bytes);

  // Whether the frame has been seen, whole.
  bool fin() const { return fin_; }
  bool fin_ack() const { return fin_ack_; }

 private:
  absl::Status Begin();
  size_t Skip(absl::Span<const uint8_t>& bytes);

  std::array<uint8_t, kHeaderSize> header_ = {};
  size_t header_bytes_ = 0;
  FrameType type_ = FrameType::kData;
  size_t data_left_ = 0;   // Of the payload of a DATA frame.
  size_t other_left_ = 0;  // Of the rest of the frame, behind that.
  bool fin_ = false;
  bool fin_ack_ = false;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_FRAME_TALLY_H_
