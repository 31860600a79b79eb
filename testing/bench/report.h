// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_REPORT_H_
#define VIOS_PROXY_TESTING_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "testing/bench/results.h"

namespace vios::testing {

// For people: medians, 99th percentiles of latencies, ratios, processor time.
std::string Table(const Results& results);
// For programs: every figure of every round.
std::string Json(const std::string& machine, const std::string& date,
                 const std::vector<Results>& all);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_REPORT_H_
