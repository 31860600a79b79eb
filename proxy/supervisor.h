// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SUPERVISOR_H_
#define VIOS_PROXY_PROXY_SUPERVISOR_H_

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/directory_watch.h"
#include "channel/wakeup.h"

namespace vios {

// The thread "supervisor": looks now, whenever something changed, and every
// `interval` at the latest, until it is destroyed (which joins it).
class Supervisor {
 public:
  // Calls `look` on its own thread. `watch` may be null; else it outlives the
  // supervisor, and only that thread, `look` included, may use it. However many
  // changes there are, a look begins at least 10 ms after the end of the last.
  // An `interval` of 0 is off. `on_failure`, on the thread, is told INTERNAL
  // before a bug of ours ends the thread. RESOURCE_EXHAUSTED when there is no
  // descriptor or no thread to be had.
  using OnFailure = std::function<void(const absl::Status&)>;
  static absl::StatusOr<std::unique_ptr<Supervisor>> Start(
      absl::Duration interval, DirectoryWatch* watch,
      std::function<void()> look, OnFailure on_failure);
  ~Supervisor();

 private:
  Supervisor(absl::Duration interval, DirectoryWatch* watch,
             std::function<void()> look, OnFailure on_failure)
      : interval_(interval),
        watch_(watch),
        look_(std::move(look)),
        on_failure_(std::move(on_failure)) {}
  void Run();
  absl::Status LookAndWait();
  absl::Status AwaitChange();
  absl::Status Pause(Deadline until);

  const absl::Duration interval_;
  DirectoryWatch* const watch_;
  const std::function<void()> look_;
  const OnFailure on_failure_;
  Cancel stop_;
  std::unique_ptr<Wakeup> wakeup_;
  std::thread thread_;  // Uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SUPERVISOR_H_
