// SPDX-License-Identifier: Apache-2.0
#include "proxy/pacer.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

using std::chrono::milliseconds;

TEST(PacerTest, LetsTheFirstOnesGoAtOnce) {
  Pacer pacer(3, absl::Seconds(1));
  const Clock::time_point now = Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pacer.ReserveAt(now), now);
}

TEST(PacerTest, KeepsAnyIntervalToTheCount) {
  Pacer pacer(2, absl::Seconds(1));
  const Clock::time_point now = Clock::now();
  pacer.ReserveAt(now);
  pacer.ReserveAt(now + milliseconds(400));
  EXPECT_EQ(pacer.ReserveAt(now + milliseconds(500)), now + milliseconds(1000));
  EXPECT_EQ(pacer.ReserveAt(now + milliseconds(500)), now + milliseconds(1400));
  EXPECT_EQ(pacer.ReserveAt(now + milliseconds(500)), now + milliseconds(2000));
}

TEST(PacerTest, WhoIsToldToAskAgainHasTakenNothing) {
  Pacer pacer(1, absl::Seconds(1));
  const Clock::time_point now = Clock::now();
  EXPECT_EQ(pacer.TryTakeAt(now), std::nullopt);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pacer.TryTakeAt(now + milliseconds(10)),
              now + milliseconds(1000));
  }
  EXPECT_EQ(pacer.TryTakeAt(now + milliseconds(1000)), std::nullopt);
}

TEST(PacerTest, ForgetsWhatIsLongAgo) {
  Pacer pacer(1, absl::Milliseconds(10));
  const Clock::time_point now = Clock::now();
  pacer.ReserveAt(now);
  const Clock::time_point later = now + milliseconds(50);
  EXPECT_EQ(pacer.ReserveAt(later), later);
}

}  // namespace
}  // namespace vios
