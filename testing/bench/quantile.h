// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_QUANTILE_H_
#define VIOS_PROXY_TESTING_BENCH_QUANTILE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace vios::testing {

// The smallest sample that at least `part` (0..1) of all samples do not exceed;
// 0 when there is none.
inline double Quantile(std::vector<double> samples, double part) {
  if (samples.empty()) return 0;
  const double rank = std::ceil(part * static_cast<double>(samples.size()));
  const auto at = static_cast<size_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(samples.begin(), samples.begin() + at, samples.end());
  return samples[at];
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_QUANTILE_H_
