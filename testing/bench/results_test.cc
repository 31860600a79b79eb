// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/results.h"

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(ResultsTest, ARatioIsTheMedianOfThoseOfEachRound) {
  Results results(1, {}, {"ours", "other"});
  // A machine that gets slower from round to round.
  for (const double value : {10, 20, 60}) {
    results.Add("up", "ours", {.value = value});
  }
  for (const double value : {5, 20, 20}) {
    results.Add("up", "other", {.value = value});
  }
  EXPECT_EQ(results.Ratio("up", "ours", "other"), 2);
}

TEST(ResultsTest, WithoutARoundOfBothThereIsNoRatio) {
  Results results(1, {}, {"ours", "other"});
  results.Add("connect", "ours", {.value = 1});
  EXPECT_EQ(results.Ratio("connect", "ours", "other"), std::nullopt);
}

}  // namespace
}  // namespace vios::testing
