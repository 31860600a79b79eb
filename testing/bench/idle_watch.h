// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_IDLE_WATCH_H_
#define VIOS_PROXY_TESTING_BENCH_IDLE_WATCH_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/bench/scale_results.h"
#include "testing/vm/process.h"

namespace vios::testing {

// How often the daemons that are measured look at their directories: the
// default of --rescan_interval.
inline constexpr absl::Duration kRescanInterval = absl::Seconds(1);

// What a daemon that has nothing to do takes in `window`. `tend` is called each
// second, to play the far ends. Fills all but `channels` and `ready_seconds`.
absl::StatusOr<IdleFigures> WatchIdle(
    const Process& daemon, absl::Duration window,
    const std::function<absl::Status()>& tend);

// The CPU of one look of many, `cpu` seconds in `window`: there is a look,
// which takes as long as its CPU, then the interval, then the next one.
double CostOfLook(double cpu, absl::Duration window, absl::Duration interval);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_IDLE_WATCH_H_
