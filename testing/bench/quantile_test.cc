// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/quantile.h"

#include <numeric>

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(Quantile, OfNothingIsNothing) { EXPECT_DOUBLE_EQ(Quantile({}, 0.5), 0); }

TEST(Quantile, IsASample) {
  EXPECT_DOUBLE_EQ(Quantile({7}, 0.99), 7);
  EXPECT_DOUBLE_EQ(Quantile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(Quantile({4, 3, 1, 2}, 0.5), 2);
}

TEST(Quantile, OfAllIsTheLargestAndOfNoneTheSmallest) {
  EXPECT_DOUBLE_EQ(Quantile({3, 1, 2}, 1), 3);
  EXPECT_DOUBLE_EQ(Quantile({3, 1, 2}, 0), 1);
}

TEST(Quantile, LeavesTheRestAboveIt) {
  std::vector<double> hundred(100);
  std::iota(hundred.begin(), hundred.end(), 1.0);
  EXPECT_DOUBLE_EQ(Quantile(hundred, 0.99), 99);
}

}  // namespace
}  // namespace vios::testing
