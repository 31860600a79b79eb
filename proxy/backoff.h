// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_BACKOFF_H_
#define VIOS_PROXY_PROXY_BACKOFF_H_

#include <algorithm>

#include "absl/time/time.h"

namespace vios {

// How long to wait before something that failed is tried again: doubles from
// 100 ms to a limit. One thread's.
class Backoff {
 public:
  explicit Backoff(absl::Duration limit) : limit_(limit) {}

  absl::Duration Next() {
    const absl::Duration wait = std::min(next_, limit_);
    next_ = 2 * wait;
    return wait;
  }
  void Reset() { next_ = kFirst; }

 private:
  // Shorter, and a host that reconnects loses a guest's notices.
  static constexpr absl::Duration kFirst = absl::Milliseconds(100);
  const absl::Duration limit_;
  absl::Duration next_ = kFirst;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_BACKOFF_H_
