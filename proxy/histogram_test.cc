// SPDX-License-Identifier: Apache-2.0
#include "proxy/histogram.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HistogramTest, EachDurationFallsIntoTheFirstBucketThatHoldsIt) {
  Histogram histogram(kWaitBounds);
  histogram.Observe(absl::ZeroDuration());
  histogram.Observe(absl::Milliseconds(1));
  histogram.Observe(absl::Microseconds(1001));
  histogram.Observe(absl::Seconds(30));
  histogram.Observe(absl::Hours(1));
  const HistogramSnapshot snapshot = histogram.Snapshot();
  EXPECT_EQ(snapshot.counts[0], 2u);
  EXPECT_EQ(snapshot.counts[1], 1u);
  EXPECT_EQ(snapshot.counts[kHistogramBounds - 1], 1u);
  EXPECT_EQ(snapshot.counts[kHistogramBounds], 1u);
  EXPECT_NEAR(snapshot.sum_seconds, 3630.002001, 1e-6);
}

TEST(HistogramTest, NegativeIsZero) {
  Histogram histogram(kWaitBounds);
  histogram.Observe(absl::Seconds(-5));
  EXPECT_EQ(histogram.Snapshot().counts[0], 1u);
  EXPECT_EQ(histogram.Snapshot().sum_seconds, 0);
}

TEST(HistogramTest, BoundsRise) {
  EXPECT_TRUE(std::is_sorted(kWaitBounds.begin(), kWaitBounds.end()));
  EXPECT_TRUE(std::is_sorted(kLifeBounds.begin(), kLifeBounds.end()));
}

}  // namespace
}  // namespace vios
