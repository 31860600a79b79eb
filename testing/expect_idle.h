// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_EXPECT_IDLE_H_
#define VIOS_PROXY_TESTING_EXPECT_IDLE_H_

#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "testing/process_figures.h"

namespace vios::testing {

// Watches this process for a second: all its threads together are to use less
// than 3% of a core, and to wake up no more than 50 times: both daemons, with a
// test around them, do about 20 times. A thread that looks every 10 ms takes
// next to no time, and wakes up a hundred times. One of several seconds will
// do: what costs something does so in each, but in any of them what was before
// may come to its end, or the machine stand still.
inline void ExpectIdle() {
  constexpr int kTries = 6;
  int64_t sleeps = 0;
  absl::Duration cpu;
  for (int i = 0; i < kTries; ++i) {
    const absl::Duration cpu_before = CpuTime();
    const int64_t sleeps_before = Sleeps();
    absl::SleepFor(absl::Seconds(1));
    sleeps = Sleeps() - sleeps_before;
    cpu = CpuTime() - cpu_before;
    if (sleeps <= 50 && cpu < absl::Milliseconds(30)) return;
  }
  ADD_FAILURE() << "woke up " << sleeps << " times and used " << cpu;
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_EXPECT_IDLE_H_
