// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SESSION_CLOCKS_H_
#define VIOS_PROXY_PROXY_SESSION_CLOCKS_H_

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/session.h"
#include "proxy/relay_limits.h"

namespace vios {

// What a session comes to when nothing happens: its time-outs, and the PING of
// an end that has been silent. The writing pump's; never blocks. Measured with
// the rough clock: a limit of a session is reached up to kRoughLag late, never
// early.
class SessionClocks {
 public:
  enum class Due { kNothing, kIdleTimeout, kHalfCloseTimeout, kPing };
  struct Event {
    Due what;  // kNothing while `when` has not passed.
    Deadline when;
  };
  // What waits for the channel to take it: bytes of TCP's, or any frame.
  struct Waiting {
    bool data;
    bool frame;
  };

  // Both outlive it.
  SessionClocks(const Session& session, const RelayLimits& limits)
      : session_(session), limits_(limits) {}

  // Whatever was waiting has been sent.
  void Sent() { last_sent_ = RoughNow(); }
  // What is due, or when the next thing will be if nothing happens till then.
  Event Next(Waiting waiting);

 private:
  // When a session ends that has been quiet for `limit`.
  Deadline QuietEnd(absl::Duration limit);

  const Session& session_;
  const RelayLimits& limits_;
  Clock::time_point last_sent_ = RoughNow();
  // The last byte before a quiet that seemed over, and until when that is only
  // a doubt.
  Clock::time_point doubted_;
  Deadline doubt_ends_ = Deadline::Never();
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SESSION_CLOCKS_H_
