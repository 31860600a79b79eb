// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FLOOD_GATE_H_
#define VIOS_PROXY_CHANNEL_FLOOD_GATE_H_

#include <algorithm>
#include <chrono>

#include "channel/deadline.h"

namespace vios {

// Tells a peer that floods a channel outside of sessions from one that does
// not: kBurst frames may come at once, kPerSecond in the long run. The most
// that a sound peer leaves behind is what a port and its socket hold of the
// smallest frames (512 KiB of DATA with one byte each), less than kBurst; all
// else out of session is a few frames for each connection. Not thread-safe,
// never blocks.
class FloodGate {
 public:
  static constexpr int kBurst = 40000;
  static constexpr int kPerSecond = 1000;
  // What a SYN counts for: it begins a session, which is work, and a host dials
  // for a guest no more than 100 times a second anyway.
  static constexpr int kSynCost = 5;

  // Counts a frame that came at `now` as `cost` of them; false when that is too
  // many.
  bool Admit(Clock::time_point now, int cost = 1) {
    full_until_ = std::max(full_until_, now) + cost * kEach;
    return full_until_ - now <= kBurst * kEach;
  }

 private:
  static constexpr Clock::duration kEach =
      std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(1)) /
      kPerSecond;
  Clock::time_point full_until_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FLOOD_GATE_H_
