// SPDX-License-Identifier: Apache-2.0
#include "channel/flood_gate.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

using std::chrono::seconds;

class FloodGateTest : public ::testing::Test {
 protected:
  // How many of `count` frames are let through now.
  int Admitted(int count) {
    int admitted = 0;
    for (int i = 0; i < count; ++i) admitted += gate_.Admit(now_);
    return admitted;
  }

  FloodGate gate_;
  Clock::time_point now_ = Clock::now();
};

TEST_F(FloodGateTest, LetsABurstThroughAndNoMore) {
  EXPECT_EQ(Admitted(FloodGate::kBurst), FloodGate::kBurst);
  EXPECT_EQ(Admitted(1), 0);
}

TEST_F(FloodGateTest, CountsASynForMore) {
  const int most = FloodGate::kBurst / FloodGate::kSynCost;
  for (int i = 0; i < most; ++i) {
    EXPECT_TRUE(gate_.Admit(now_, FloodGate::kSynCost));
  }
  EXPECT_EQ(Admitted(1), 0);
}

TEST_F(FloodGateTest, NeverMindsASteadyTrickle) {
  for (int i = 0; i < 60; ++i, now_ += seconds(1)) {
    EXPECT_EQ(Admitted(FloodGate::kPerSecond), FloodGate::kPerSecond);
  }
}

TEST_F(FloodGateTest, ForgetsABurstInTime) {
  Admitted(FloodGate::kBurst);
  now_ += seconds(2);
  EXPECT_EQ(Admitted(FloodGate::kBurst), 2 * FloodGate::kPerSecond);
  // What was refused counts, too.
  now_ += seconds(2 * FloodGate::kBurst / FloodGate::kPerSecond);
  EXPECT_EQ(Admitted(FloodGate::kBurst), FloodGate::kBurst);
}

TEST_F(FloodGateTest, TheFiguresAreTheManuals) {
  EXPECT_EQ(FloodGate::kBurst, 40000);
  EXPECT_EQ(FloodGate::kPerSecond, 1000);
  EXPECT_EQ(FloodGate::kSynCost, 5);
}

}  // namespace
}  // namespace vios
