// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_probe.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "channel/frame.h"
#include "channel/probe.h"

namespace vios {
namespace {

std::string NewNonce() {
  std::array<uint8_t, kProbeSize> nonce;
  EncodeNumber(RandomToken().value, nonce.data());
  EncodeNumber(RandomToken().value, nonce.data() + kProbeSize / 2);
  return {nonce.begin(), nonce.end()};
}

// The next frame that has to do with probing; what looks like another one may
// be the middle of something.
absl::StatusOr<Frame> AwaitProbe(Channel& channel, Deadline deadline,
                                 Wakeup& wakeup) {
  while (true) {
    const auto frame = channel.Await(
        [](const FrameHeader& header) {
          return header.IsProbe(FrameType::kPing) ||
                 header.IsProbe(FrameType::kPong);
        },
        nullptr, channel.retry().idle, deadline, wakeup);
    if (!frame.ok()) return frame.status();
    if (frame->has_value()) return **frame;
  }
}

absl::Status Ask(Channel& channel, Deadline deadline, Wakeup& wakeup) {
  const std::string nonce = NewNonce();
  absl::Status sent = QueuePing(channel, nonce);
  if (!sent.ok()) return sent;
  while (true) {
    const auto frame = AwaitProbe(channel, deadline, wakeup);
    if (!frame.ok()) return frame.status();
    if (frame->header.IsProbe(FrameType::kPong) &&
        std::equal(nonce.begin(), nonce.end(), frame->payload.begin())) {
      return absl::OkStatus();
    }
    channel.AnswerStray(*frame);
  }
}

// Gets both ends in step, as the daemon of `role` would.
absl::Status Greet(Channel& channel, Deadline deadline, Wakeup& wakeup) {
  if (channel.role() == Role::kGuest) {
    channel.writer().AddPreamble();
    return Ask(channel, deadline, wakeup);
  }
  const auto greeting = AwaitProbe(channel, deadline, wakeup);
  if (!greeting.ok()) return greeting.status();
  channel.AnswerStray(*greeting);
  return Ask(channel, deadline, wakeup);
}

}  // namespace

absl::StatusOr<absl::Duration> TimePing(UniqueFd fd, Role role,
                                        Deadline deadline, Wakeup& wakeup) {
  Channel channel(std::move(fd), role, /*options_enabled=*/true);
  absl::Status status = Greet(channel, deadline, wakeup);
  if (!status.ok()) return status;
  // The first answer waits for the preambles, too.
  const Clock::time_point asked = Clock::now();
  status = Ask(channel, deadline, wakeup);
  if (!status.ok()) return status;
  return absl::FromChrono(Clock::now() - asked);
}

}  // namespace vios
