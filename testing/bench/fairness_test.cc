// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/fairness.h"

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(Fairness, IsOneWhenAllHaveTheSame) {
  EXPECT_DOUBLE_EQ(JainIndex({3, 3, 3}), 1);
  EXPECT_DOUBLE_EQ(SlowestToFastest({3, 3, 3}), 1);
}

TEST(Fairness, IsLowWhenOneHasEverything) {
  EXPECT_DOUBLE_EQ(JainIndex({0, 0, 0, 5}), 0.25);
  EXPECT_DOUBLE_EQ(SlowestToFastest({0, 0, 0, 5}), 0);
}

TEST(Fairness, IsNothingWithoutShares) {
  EXPECT_DOUBLE_EQ(JainIndex({}), 0);
  EXPECT_DOUBLE_EQ(JainIndex({0, 0}), 0);
  EXPECT_DOUBLE_EQ(SlowestToFastest({}), 0);
}

}  // namespace
}  // namespace vios::testing
