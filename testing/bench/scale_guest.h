// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SCALE_GUEST_H_
#define VIOS_PROXY_TESTING_BENCH_SCALE_GUEST_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "testing/bench/scale_results.h"

namespace vios::testing {

// A guest daemon on this machine with `ports` unix sockets in place of devices,
// whose host answers; ready when each has heard that there is one. Blocks, with
// a limit.
absl::StatusOr<IdleFigures> MeasureIdleGuest(int ports, absl::Duration window);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SCALE_GUEST_H_
