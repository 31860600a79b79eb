// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ACCEPTOR_H_
#define VIOS_PROXY_PROXY_ACCEPTOR_H_

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios {

// The thread "accept": accepts until it is stopped. When descriptors or memory
// run out it waits a little and goes on.
class Acceptor {
 public:
  // All are called on the acceptor's thread, must not block nor call Stop().
  struct Handlers {
    // A connection, non-blocking and close-on-exec, and where it comes from:
    // "127.0.0.1:4711", "[::1]:4711" or "unix".
    std::function<void(UniqueFd client, std::string from)> on_client;
    // Every `tick_interval`, also while clients pour in, and at `next_tick()`
    // if that is earlier, ten times a second at most. Both may be empty.
    std::function<void()> on_tick;
    std::function<Deadline()> next_tick;
    // Whenever accepting fails, and when it works again (OK). May be empty.
    // INTERNAL is a bug; the thread has then ended.
    std::function<void(const absl::Status&)> on_error;
    absl::Duration tick_interval = absl::Seconds(1);
  };

  // `listener` is a listening, non-blocking stream socket. RESOURCE_EXHAUSTED
  // when there is no descriptor or no thread to be had.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(UniqueFd listener,
                                                         Handlers handlers);
  ~Acceptor() { Stop(); }

  // Joins the thread and closes the listener: the kernel resets those that were
  // not accepted. Idempotent; for the owner's thread alone.
  void Stop();

 private:
  Acceptor(UniqueFd listener, Handlers handlers)
      : listener_(std::move(listener)), handlers_(std::move(handlers)) {}
  void Run();
  absl::Status AwaitClient(Deadline deadline);
  Deadline NextTick(Deadline soonest) const;
  absl::Status AcceptOne();
  void Report(const absl::Status& status);

  UniqueFd listener_;
  const Handlers handlers_;
  absl::Status reported_;  // The thread's own.
  Cancel stop_;
  std::unique_ptr<Wakeup> wakeup_;
  std::thread thread_;  // Uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ACCEPTOR_H_
