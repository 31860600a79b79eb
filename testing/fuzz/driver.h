// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_FUZZ_DRIVER_H_
#define VIOS_PROXY_TESTING_FUZZ_DRIVER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "testing/fuzz/our_end.h"
#include "testing/fuzz/output.h"
#include "testing/fuzz/session_model.h"
#include "testing/fuzz/sockets.h"

namespace vios::fuzz {

// Plays the other proxy, and the clients or services, to one end of ours, and
// keeps the model beside it. What our side does differently, or not within ten
// seconds, ends the process. One thread's.
class Driver {
 public:
  Driver(Role role, bool options_enabled);

  // Bytes on the channel. They need not be written before the next Settle().
  void Send(absl::string_view bytes);
  // Waits until all that was sent has had its effect, and checks that.
  void Settle();
  // What the application does, in an established session; nothing in others.
  void AppWrites(size_t size);
  void AppCloses();
  void AppResets();
  // The channel ends; checks everything.
  void Finish();

  const SessionModel& model() const { return model_; }

 private:
  Driver(Role role, bool options_enabled, Sockets channel);

  // An application, in the order of the sessions.
  struct App {
    UniqueFd fd;
    std::string got;
    bool at_end = false;     // It has read an end of file,
    bool was_reset = false;  // or an error.
    size_t settled = 0;      // So much of `got` is certain to arrive.
    std::string wrote;
  };

  void NotePings();
  bool Settled() const;
  bool SessionSettled(size_t index) const;
  bool EndSettled(size_t index) const;
  bool PongSettled() const;
  // One round of I/O on everything.
  void Pump(Deadline deadline);
  void TakeApps();
  App* Unfinished();
  void ReadChannel();
  void WriteChannel();
  void ReadApp(App& app);
  size_t EndedSessions() const;
  void CheckApp(size_t index);
  void CheckWrote(size_t index) const;
  void CheckWasAborted(App& app);
  void CheckEnds(const std::vector<SessionEnd>& ends) const;

  const Role role_;
  SessionModel model_;
  Output output_;
  UniqueFd channel_;
  bool channel_ended_ = false;
  std::string to_write_;
  std::vector<App> apps_;
  size_t pings_seen_ = 0, pongs_before_ = 0;
  OurEnd ours_;
};

}  // namespace vios::fuzz

#endif  // VIOS_PROXY_TESTING_FUZZ_DRIVER_H_
