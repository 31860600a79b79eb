// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_OUR_END_H_
#define VIOS_PROXY_TESTING_FUZZ_OUR_END_H_

#include <cstddef>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/channel.h"
#include "channel/handshake.h"
#include "channel/session_end.h"
#include "channel/unique_fd.h"

namespace vios::fuzz {

// A daemon on one channel, one session after the other, on threads that all
// runs share: handshake and relay, without directory, queue, dial and clocks.
// It ends when its channel does.
class OurEnd {
 public:
  // A guest opens at most `max_sessions`.
  OurEnd(Role role, bool options, UniqueFd channel, size_t max_sessions);
  // Joins. Only after the channel has ended.
  ~OurEnd();

  // The application's end of the connection of the next session, as soon as
  // there is one: before its SYN, or SYNACK, is written.
  UniqueFd TakeApp();
  // Waits; how the sessions and the attempts at them ended.
  std::vector<SessionEnd> Join();

 private:
  void Run(Role role, bool options, UniqueFd channel, size_t max_sessions);
  void RunHost(Channel& channel);
  void RunGuest(Channel& channel, size_t max_sessions);
  UniqueFd NewLeg();
  SessionEnd Serve(Channel& channel, const SessionId& id, int leg);
  void Ended(SessionEnd end);

  bool joined_ = false;
  absl::Mutex mu_;
  std::vector<UniqueFd> apps_ ABSL_GUARDED_BY(mu_);
  size_t apps_taken_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<SessionEnd> ends_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_OUR_END_H_
