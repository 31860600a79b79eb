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
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(change.Is(""));
    EXPECT_FALSE(change.Is("down"));
  }
}

}  // namespace
}  // namespace vios
