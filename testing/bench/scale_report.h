// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SCALE_REPORT_H_
#define VIOS_PROXY_TESTING_BENCH_SCALE_REPORT_H_

#include <string>

#include "testing/bench/scale_results.h"

namespace vios::testing {

// Everything as text for people, goals and whether they are met included.
std::string ScaleTable(const ScaleResults& results);
// Everything for programs, each round by itself.
std::string ScaleJson(const ScaleResults& results);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SCALE_REPORT_H_
