// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_FARM_PORT_H_
#define VIOS_PROXY_TESTING_BENCH_FARM_PORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "channel/frame.h"
#include "channel/frame_reader.h"
#include "channel/unique_fd.h"
#include "testing/bench/frame_tally.h"

namespace vios::testing {

// The far end of a daemon's channel, played with as little work as possible so
// that the daemon is measured and not the bench. Sessions are with options. All
// calls block for as long as the socket's time-outs let them. One thread's, but
// for a session, in which one may send and another take.
class FarmPort {
 public:
  explicit FarmPort(UniqueFd fd) : fd_(std::move(fd)) {}

  // As a guest: says that it is there, behind a preamble, and waits for the
  // host's answer.
  absl::Status Greet();
  // As a host: waits for the guest to say so, and answers.
  absl::Status AwaitGreeting();
  // Answers the PINGs that have come by now. Out of session.
  absl::Status Tend();

  // As a guest: a session. Its service has been dialled when this returns.
  absl::Status Open();
  // A DATA frame of `size` bytes that mean nothing, at most kMaxData.
  absl::Status Send(size_t size);
  // How many bytes of data have come: waits for at least one. `buffer` is what
  // is read into.
  absl::StatusOr<size_t> Take(absl::Span<uint8_t> buffer);
  absl::Status SendFin();
  // Behind SendFin() and the end of the service's stream: the rest.
  absl::Status Finish();

  static constexpr size_t kMaxData = kMaxWriteSize - kHeaderSize - kNumberSize;

 private:
  // The next frame of the type, PINGs in front of it answered.
  absl::StatusOr<Frame> Await(FrameType type);
  // The next frame that is buffered, PINGs answered.
  absl::StatusOr<std::optional<Frame>> Buffered();
  absl::Status SendSmall(const FrameHeader& header,
                         absl::Span<const uint8_t> payload);
  // Sends `out_` with `size` bytes of payload and the next number.
  absl::Status SendNumbered(FrameType type, size_t size);

  const UniqueFd fd_;
  FrameReader reader_;  // Out of session.
  Token guest_ = kNoSessionToken;
  Token host_ = kNoSessionToken;
  FrameTally tally_;  // Of the session, as is the rest.
  FrameNumbers numbers_{kNoSessionToken};
  std::vector<uint8_t> out_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_FARM_PORT_H_
