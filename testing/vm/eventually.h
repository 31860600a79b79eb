// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_EVENTUALLY_H_
#define VIOS_PROXY_TESTING_VM_EVENTUALLY_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios::testing {

// Whether `condition` holds before `limit` is over; asks every 20 ms, and once
// more at the end. For facts that other processes make true, which nothing
// can wait for.
template <typename Condition>
bool Eventually(absl::Duration limit, Condition condition) {
  const Deadline deadline = Deadline::After(limit);
  while (!condition()) {
    if (deadline.passed()) return condition();
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_EVENTUALLY_H_
