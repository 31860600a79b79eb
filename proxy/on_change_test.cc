// SPDX-License-Identifier: Apache-2.0
#include "proxy/on_change.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(OnChangeTest, TellsAFailureOnceAndItsEnd) {
  OnChange change(absl::ZeroDuration());
  EXPECT_FALSE(change.Is(""));
  EXPECT_TRUE(change.Is("down"));
  EXPECT_FALSE(change.Is("down"));
  EXPECT_TRUE(change.Is("gone"));
  EXPECT_TRUE(change.Is(""));
  EXPECT_FALSE(change.Is(""));
}

TEST(OnChangeTest, TellsOfWhatComesAndGoesRarely) {
  OnChange change(absl::Hours(1));
  EXPECT_TRUE(change.Is("down"));
  EXPECT_TRUE(change.Is(""));
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(change.Is("down"));
    EXPECT_FALSE(change.Is(""));
  }
}

// That it was over soon had not been told, and so hid the next failure.
TEST(OnChangeTest, TellsOfAFailureThatComesBackLater) {
  OnChange change(absl::Milliseconds(20));
  EXPECT_TRUE(change.Is("down"));
  EXPECT_TRUE(change.Is(""));
  const Deadline limit = Deadline::After(absl::Seconds(10));
  while (!change.Is("down") && !limit.passed()) {
  }
  EXPECT_FALSE(limit.passed());
  EXPECT_TRUE(change.Is(""));
}

}  // namespace
}  // namespace vios
