// SPDX-License-Identifier: Apache-2.0
#include "proxy/on_change.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(OnChangeTest, TellsAFailureOnceAndItsEnd) {
  OnChange change(absl::ZeroDuration());
  EXPECT_FALSE(change.ShouldTell(""));
  EXPECT_TRUE(change.ShouldTell("down"));
  EXPECT_FALSE(change.ShouldTell("down"));
  EXPECT_TRUE(change.ShouldTell("gone"));
  EXPECT_TRUE(change.ShouldTell(""));
  EXPECT_FALSE(change.ShouldTell(""));
}

TEST(OnChangeTest, TellsOfWhatComesAndGoesRarely) {
  OnChange change(absl::Hours(1));
  EXPECT_TRUE(change.ShouldTell("down"));
  EXPECT_TRUE(change.ShouldTell(""));
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(change.ShouldTell("down"));
    EXPECT_FALSE(change.ShouldTell(""));
  }
}

// That it was over soon had not been told, and so hid the next failure.
TEST(OnChangeTest, TellsOfAFailureThatComesBackLater) {
  OnChange change(absl::Milliseconds(20));
  EXPECT_TRUE(change.ShouldTell("down"));
  EXPECT_TRUE(change.ShouldTell(""));
  const Deadline limit = Deadline::After(absl::Seconds(10));
  while (!change.ShouldTell("down") && !limit.passed()) {
  }
  EXPECT_FALSE(limit.passed());
  EXPECT_TRUE(change.ShouldTell(""));
}

}  // namespace
}  // namespace vios
