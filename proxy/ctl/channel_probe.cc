// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/channel_probe.h"

#include <string>
#include <utility>

#include "channel/frame.h"
#include "channel/probe.h"

namespace vios {
namespace {

// What looks like another frame may be the middle of something.
absl::Status Ask(Channel& channel, Deadline deadline, Wakeup& wakeup) {
  const std::string nonce = NewNonce();
  absl::Status sent = QueuePing(channel, nonce);
  if (!sent.ok()) return sent;
  return AwaitPong(channel, nonce, AnyProbe, deadline, wakeup);
}

// A guest says that it is there.
absl::Status AwaitGreeting(Channel& channel, Deadline deadline,
                           Wakeup& wakeup) {
  while (true) {
    const auto frame = channel.Await(AnyProbe, nullptr, channel.retry().idle,
                                     deadline, wakeup);
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) continue;
    channel.AnswerStray(**frame);
    return absl::OkStatus();
  }
}

// Gets both ends in step, as the daemon of `role` would.
absl::Status Greet(Channel& channel, Deadline deadline, Wakeup& wakeup) {
  if (channel.role() == Role::kGuest) {
    channel.writer().AddPreamble();
    return Ask(channel, deadline, wakeup);
  }
  const absl::Status greeted = AwaitGreeting(channel, deadline, wakeup);
  if (!greeted.ok()) return greeted;
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
