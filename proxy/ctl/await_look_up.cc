// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/await_look_up.h"

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/fd_io.h"
#include "proxy/thread.h"

namespace vios {
namespace {

using Answer = absl::StatusOr<std::vector<SocketAddress>>;

// How often to look: the thread may outlive whoever it would have to wake.
constexpr absl::Duration kPace = absl::Milliseconds(10);

struct Shared {
  absl::Mutex mu;
  std::optional<Answer> answer ABSL_GUARDED_BY(mu);
};

absl::StatusOr<std::shared_ptr<Shared>> StartLookUp(
    const ServiceAddress& service, ServiceResolver::LookUp look_up) {
  auto shared = std::make_shared<Shared>();
  auto thread =
      StartThread("resolver", [shared, service, look_up = std::move(look_up)] {
        Answer answer = look_up(service.host(), service.port());
        absl::MutexLock lock(&shared->mu);
        shared->answer = std::move(answer);
      });
  if (!thread.ok()) return thread.status();
  thread->detach();
  return shared;
}

}  // namespace

absl::StatusOr<std::vector<SocketAddress>> AwaitLookUp(
    const ServiceAddress& service, Deadline deadline, Wakeup& wakeup,
    ServiceResolver::LookUp look_up) {
  if (service.literal()) return std::vector<SocketAddress>{*service.literal()};
  const auto shared = StartLookUp(service, std::move(look_up));
  if (!shared.ok()) return shared.status();
  while (true) {
    {
      absl::MutexLock lock(&(*shared)->mu);
      if ((*shared)->answer) return *(*shared)->answer;
    }
    if (deadline.passed()) {
      return absl::DeadlineExceededError(
          absl::StrCat("resolve ", service.host(), ": no answer in time"));
    }
    absl::Status waited =
        WaitForRing(Earlier(deadline, Deadline::After(kPace)), wakeup);
    if (absl::IsCancelled(waited)) return waited;
  }
}

}  // namespace vios
