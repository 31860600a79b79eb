// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_BUSY_H_
#define VIOS_PROXY_TESTING_BENCH_BUSY_H_

#include <sys/types.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/bench/line.h"
#include "testing/bench/scale_results.h"

namespace vios::testing {

// All but the last of `lines` stream in the direction, the last one is quiet;
// measured for `window` once all of that is under way. `middle` is the process
// that they lead through. Blocks, with a limit;
// the lines are empty again when it returns without an error.
absl::StatusOr<BusySample> MeasureBusy(
    const std::vector<std::unique_ptr<Line>>& lines, pid_t middle,
    Direction direction, absl::Duration window);

// The last of them while the others rest.
absl::StatusOr<QuietSample> MeasureQuiet(
    const std::vector<std::unique_ptr<Line>>& lines, absl::Duration window);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_BUSY_H_
