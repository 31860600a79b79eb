// SPDX-License-Identifier: Apache-2.0
#include "channel/deadline.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(DeadlineTest, NeverNeverPasses) {
  EXPECT_TRUE(Deadline::Never().never());
  EXPECT_FALSE(Deadline::Never().passed());
  EXPECT_EQ(Deadline::Never().remaining(), absl::InfiniteDuration());
}

TEST(DeadlineTest, TheRoughTimeFollowsTheExactOne) {
  const Clock::time_point begun = Clock::now();
  Clock::time_point rough;
  Clock::time_point exact;
  // It gets there, and at times is no further behind than it should be.
  do {
    exact = Clock::now();
    rough = RoughNow();
    ASSERT_LE(rough, Clock::now());
  } while (rough < begun + 3 * kRoughLag || rough < exact - kRoughLag);
}

TEST(DeadlineTest, PassesAtItsExactTime) {
  for (int i = 0; i < 20; ++i) {
    const Deadline soon = Deadline::After(absl::Milliseconds(1));
    while (!soon.passed()) {
    }
    EXPECT_GE(Clock::now(), soon.when());
  }
}

TEST(DeadlineTest, ARoughOneIsEarlyAndNeverLate) {
  const Clock::time_point before = RoughNow();
  const Deadline later = Deadline::RoughlyAfter(absl::Seconds(1));
  EXPECT_GE(later.when(), before + std::chrono::seconds(1));
  EXPECT_LE(later.when(), Clock::now() + std::chrono::seconds(1));
}

TEST(DeadlineTest, NowAndBeforeHavePassed) {
  for (const auto duration :
       {absl::ZeroDuration(), -absl::Seconds(1), -absl::InfiniteDuration()}) {
    const Deadline past = Deadline::After(duration);
    EXPECT_TRUE(past.passed()) << duration;
    EXPECT_TRUE(Deadline::RoughlyAfter(duration).passed()) << duration;
    EXPECT_EQ(past.remaining(), absl::ZeroDuration()) << duration;
  }
}

TEST(DeadlineTest, WhatIsToComeHasNotPassed) {
  const Deadline later = Deadline::After(absl::Hours(1));
  EXPECT_FALSE(later.passed());
  EXPECT_FALSE(later.never());
  EXPECT_GT(later.remaining(), absl::Minutes(59));
  EXPECT_LE(later.remaining(), absl::Hours(1));
}

TEST(DeadlineTest, ACenturyIsForEver) {
  EXPECT_TRUE(Deadline::After(absl::InfiniteDuration()).never());
  EXPECT_TRUE(Deadline::RoughlyAfter(absl::InfiniteDuration()).never());
  EXPECT_TRUE(Deadline::After(absl::Hours(24) * 36501).never());
  const Deadline almost = Deadline::After(absl::Hours(24) * 36500);
  EXPECT_FALSE(almost.never());
  EXPECT_FALSE(almost.passed());
}

TEST(DeadlineTest, ZeroIsNoLimitWhereAFlagSaysSo) {
  EXPECT_TRUE(Deadline::AfterUnlessZero(absl::ZeroDuration()).never());
  EXPECT_FALSE(Deadline::AfterUnlessZero(absl::Nanoseconds(1)).never());
}

TEST(DeadlineTest, TheEarlierOfTwoCounts) {
  const Deadline soon = Deadline::After(absl::Seconds(1));
  const Deadline late = Deadline::After(absl::Seconds(2));
  EXPECT_EQ(Earlier(soon, late).when(), soon.when());
  EXPECT_EQ(Earlier(late, soon).when(), soon.when());
  EXPECT_EQ(Earlier(Deadline::Never(), late).when(), late.when());
}

}  // namespace
}  // namespace vios
