// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/scale_results.h"

#include "testing/bench/quantile.h"

namespace vios::testing {
namespace {

template <typename Sample, typename Get>
double Median(const std::vector<Sample>& samples, Get get) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(get(sample));
  return Quantile(values, 0.5);
}

}  // namespace

QuietSample MedianOf(const std::vector<QuietSample>& samples) {
  return {.median_us = Median(samples, [](auto& s) { return s.median_us; }),
          .p99_us = Median(samples, [](auto& s) { return s.p99_us; })};
}

BusySample MedianOf(const std::vector<BusySample>& samples) {
  std::vector<QuietSample> quiet;
  for (const BusySample& sample : samples) quiet.push_back(sample.quiet);
  return {.bytes_per_second =
              Median(samples, [](auto& s) { return s.bytes_per_second; }),
          .jain = Median(samples, [](auto& s) { return s.jain; }),
          .slowest_to_fastest =
              Median(samples, [](auto& s) { return s.slowest_to_fastest; }),
          .cpu_per_gb = Median(samples, [](auto& s) { return s.cpu_per_gb; }),
          .quiet = MedianOf(quiet)};
}

}  // namespace vios::testing
