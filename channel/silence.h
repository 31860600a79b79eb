// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SILENCE_H_
#define VIOS_PROXY_CHANNEL_SILENCE_H_

#include <optional>

#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios {

// When a host doubts a connection that is silent out of session: QEMU may never
// have told the guest of it, or may have stopped to take anything from the
// guest; only leaving and coming back heals that. The figures are the
// protocol's.
struct SilenceLimits {
  // A connection on which nothing has ever come is made again after so long,
  // and after twice the time whenever that has not helped.
  absl::Duration first = absl::Seconds(30);
  absl::Duration most = absl::Minutes(10);
  // All of these waits vary by so much, so that channels do not move as one.
  double jitter = 0.25;
  // A peer with options is asked after so long without a frame,
  absl::Duration ask_after = absl::Seconds(60);
  // and doubted after so long without an answer.
  absl::Duration answer_within = absl::Seconds(30);
  // How long the host stays away, for the guest to see it leave.
  absl::Duration away = absl::Milliseconds(200);
};

// The watch over one end point, through all its connections. One thread's.
class Silence {
 public:
  explicit Silence(const SilenceLimits& limits) : limits_(limits) {}

  // A connection was made, and nothing has come on it.
  void Connected(Clock::time_point now);

  // What the channel knows by now.
  struct Signs {
    bool heard;  // Any byte.
    std::optional<Clock::time_point> last_frame;
    bool peer_has_options;
  };
  enum class Act {
    kWait,       // Until next().
    kAsk,        // Send PING.
    kQueueUp,    // Leave when it is the channel's turn: say when by TurnAt().
    kReconnect,  // Leave now.
  };
  Act Check(Clock::time_point now, const Signs& signs);
  void TurnAt(Clock::time_point when);
  // When to check again.
  Deadline next() const { return next_; }

 private:
  void Note(Clock::time_point now, const Signs& signs);
  void Heard(Clock::time_point when, bool peer_has_options);

  const SilenceLimits limits_;
  enum class State { kNeverHeard, kHeard, kAsked, kInQueue, kTrusted };
  State state_ = State::kNeverHeard;
  absl::Duration patience_ = absl::ZeroDuration();
  bool gave_up_ = false;  // The last connection was ended for its silence.
  std::optional<Clock::time_point> noted_frame_;
  Deadline next_ = Deadline::Never();
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SILENCE_H_
