// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_PLOT_H_
#define VIOS_PROXY_TESTING_BENCH_PLOT_H_

#include <string>

#include "testing/bench/results.h"

namespace vios::testing {

// A program for gnuplot that draws the medians as an SVG picture into the file
// that its variable `output` names: latencies, rates, and rates by write size
// if those were measured.
std::string PlotProgram(const std::string& caption, const Results& results);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_PLOT_H_
