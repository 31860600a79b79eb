// SPDX-License-Identifier: Apache-2.0
#include "channel/probe.h"

#include <array>

namespace vios {
namespace {

// Three writes at the least have gone with each. A ring holds 128 and a socket
// a few more: a host that takes so many reads them, and would have answered.
constexpr int kMostAsked = 60;

bool IsPongWith(absl::string_view nonce, const Frame& frame) {
  return frame.header.IsProbe(FrameType::kPong) &&
         std::string(frame.payload.begin(), frame.payload.end()) == nonce;
}

}  // namespace

absl::Status QueuePing(Channel& channel, absl::string_view nonce) {
  return channel.Queue({FrameType::kPing, kNoSessionToken, kNoSessionToken},
                       nonce);
}

std::string NewNonce() {
  std::array<uint8_t, kProbeSize> nonce;
  EncodeNumber(RandomToken().value, nonce.data());
  EncodeNumber(RandomToken().value, nonce.data() + kProbeSize / 2);
  return {nonce.begin(), nonce.end()};
}

absl::Status AwaitPong(Channel& channel, absl::string_view nonce,
                       absl::FunctionRef<bool(const FrameHeader&)> wanted,
                       Deadline deadline, Wakeup& wakeup) {
  while (true) {
    const auto frame =
        channel.Await(wanted, nullptr, channel.retry().idle, deadline, wakeup);
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) continue;
    if (IsPongWith(nonce, **frame)) return absl::OkStatus();
    channel.AnswerStray(**frame);
  }
}

absl::Status Probe(Channel& channel, absl::Duration interval, Wakeup& wakeup) {
  const std::string nonce = NewNonce();
  int taken = 0;
  for (bool first = true;; first = false) {
    // The first one follows whatever is pending; another would only pile up
    // behind one that the far end has not taken yet.
    if (first || !channel.writer().pending()) {
      if (taken == kMostAsked) {
        return absl::DeadlineExceededError("the host answers no PING any more");
      }
      // The far end, too, may be inside a frame whose rest was lost.
      if (!first) channel.writer().AddPreamble();
      const absl::Status sent = QueuePing(channel, nonce);
      if (!sent.ok()) return sent;
      ++taken;  // As soon as nothing is pending.
    }
    // What looks like the header of a frame may be none, and swallow the
    // answer: when none comes, only that is looked for, in payloads too.
    const absl::Status answered =
        AwaitPong(channel, nonce, first ? AnyFrame : AnyProbe,
                  Deadline::After(interval), wakeup);
    if (!absl::IsDeadlineExceeded(answered)) return answered;
  }
}

}  // namespace vios
