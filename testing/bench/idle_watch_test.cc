// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/idle_watch.h"

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(CostOfLook, CountsTheLooksThatFitBetweenThePauses) {
  // 0.25 s and a pause of 1 s, eight times.
  EXPECT_DOUBLE_EQ(CostOfLook(2, absl::Seconds(10), absl::Seconds(1)), 0.25);
  EXPECT_DOUBLE_EQ(CostOfLook(0, absl::Seconds(10), absl::Seconds(1)), 0);
  EXPECT_DOUBLE_EQ(CostOfLook(11, absl::Seconds(10), absl::Seconds(1)), 0);
}

}  // namespace
}  // namespace vios::testing
