// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_GUEST_LIMITS_H_
#define VIOS_PROXY_PROXY_GUEST_LIMITS_H_

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "proxy/pacer.h"

namespace vios {

// What one guest may cause on the host, however many channels it has.
// Thread-safe.
struct GuestPacers {
  // A burst of connects overruns the notices that QEMU queues for a guest.
  Pacer connects{1, absl::Milliseconds(10)};
  Pacer dials{100, absl::Seconds(1)};
  // Silent channels are not all made again at once, either.
  Pacer reconnects{1, absl::Milliseconds(100)};
};

// Those of all guests. Thread-safe, never blocks.
class GuestLimits {
 public:
  // Made when first asked for; the caller may keep them. Never null.
  std::shared_ptr<GuestPacers> Of(const std::string& guest);
  // Forgets those of guests that are not among `guests`.
  void KeepOnly(const std::set<std::string>& guests);

 private:
  absl::Mutex mu_;
  std::map<std::string, std::shared_ptr<GuestPacers>> pacers_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_GUEST_LIMITS_H_
