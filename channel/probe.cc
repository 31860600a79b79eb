// SPDX-License-Identifier: Apache-2.0
#include "channel/probe.h"

#include <algorithm>
#include <array>
#include <string>

namespace vios {
namespace {

// Three writes at the least have gone with each. A ring holds 128 and a socket
// a few more: a host that takes so many reads them, and would have answered.
constexpr int kMostAsked = 60;

bool IsPingOrPong(const FrameHeader& header) {
  return header.IsProbe(FrameType::kPong) || header.IsProbe(FrameType::kPing);
}

}  // namespace

absl::Status QueuePing(Channel& channel, absl::string_view nonce) {
  return channel.Queue({FrameType::kPing, kNoSessionToken, kNoSessionToken},
                       nonce);
}

absl::Status Probe(Channel& channel, absl::Duration interval, Wakeup& wakeup) {
  std::array<uint8_t, kProbeSize> nonce;
  EncodeNumber(RandomToken().value, nonce.data());
  EncodeNumber(RandomToken().value, nonce.data() + kProbeSize / 2);
  const std::string bytes(nonce.begin(), nonce.end());
  // What looks like the header of a frame may be none, and swallow the answer:
  // when none comes, only that is looked for, in payloads too.
  int asked = 0;
  int taken = 0;
  const auto wanted = [&asked](const FrameHeader& header) {
    return asked <= 1 || IsPingOrPong(header);
  };
  Deadline again = Deadline::After(absl::ZeroDuration());
  while (true) {
    const bool due = again.passed();
    if (due && taken == kMostAsked && !channel.writer().pending()) {
      return absl::DeadlineExceededError("the host answers no PING any more");
    }
    // The first one follows whatever is pending; another would only pile up
    // behind one that the far end has not taken yet.
    if (due && (asked == 0 || !channel.writer().pending())) {
      // The far end, too, may be inside a frame whose rest was lost.
      if (asked > 0) channel.writer().AddPreamble();
      absl::Status sent = QueuePing(channel, bytes);
      if (!sent.ok()) return sent;
      ++taken;  // As soon as nothing is pending.
    }
    if (due) {
      ++asked;
      again = Deadline::After(interval);
    }
    const auto frame =
        channel.Await(wanted, nullptr, channel.retry().idle, again, wakeup);
    if (absl::IsDeadlineExceeded(frame.status())) continue;
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) continue;
    const Frame& found = **frame;
    if (found.header.IsProbe(FrameType::kPong) &&
        std::equal(nonce.begin(), nonce.end(), found.payload.begin())) {
      return absl::OkStatus();
    }
    channel.AnswerStray(found);
  }
}

}  // namespace vios
