// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_MACHINE_H_
#define VIOS_PROXY_TESTING_BENCH_MACHINE_H_

#include <string>

namespace vios::testing {

// What has to be known to read the figures: processors and kernel.
std::string Machine();

// The load average of the last minute.
std::string LoadAverage();

// Today, UTC.
std::string Date();

// What is being done, on stderr; on a terminal one line that is written over.
void Progress(const std::string& text);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_MACHINE_H_
