// SPDX-License-Identifier: Apache-2.0
#include "proxy/heartbeat.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HeartbeatTest, IsAliveWhileItBeats) {
  Heartbeat heartbeat("t", absl::Hours(1));
  EXPECT_TRUE(heartbeat.alive());
  heartbeat.Beat();
  EXPECT_TRUE(heartbeat.alive());
  EXPECT_LT(heartbeat.silent_for(), absl::Hours(1));
}

TEST(HeartbeatTest, IsDeadOnceItsPatienceIsOver) {
  const Heartbeat heartbeat("t", absl::Seconds(-1));
  EXPECT_FALSE(heartbeat.alive());
}

TEST(HeartbeatTest, NothingIsExpectedOfAThreadThatHasEnded) {
  Heartbeat heartbeat("t", absl::Seconds(-1));
  heartbeat.Retire();
  EXPECT_TRUE(heartbeat.alive());
}

}  // namespace
}  // namespace vios
