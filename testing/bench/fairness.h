// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_FAIRNESS_H_
#define VIOS_PROXY_TESTING_BENCH_FAIRNESS_H_

#include <algorithm>
#include <vector>

namespace vios::testing {

// Pure functions on the shares of several; 0 when empty.

// Jain's index: 1 when all have the same, 1/n when one has everything.
inline double JainIndex(const std::vector<double>& shares) {
  double sum = 0;
  double squares = 0;
  for (const double share : shares) {
    sum += share;
    squares += share * share;
  }
  if (squares == 0) return 0;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

inline double SlowestToFastest(const std::vector<double>& shares) {
  if (shares.empty()) return 0;
  const auto [slowest, fastest] =
      std::minmax_element(shares.begin(), shares.end());
  return *fastest == 0 ? 0 : *slowest / *fastest;
}

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_FAIRNESS_H_
