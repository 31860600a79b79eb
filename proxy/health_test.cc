// SPDX-License-Identifier: Apache-2.0
#include "proxy/health.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

DaemonStatus With(std::initializer_list<ChannelState> states) {
  DaemonStatus status = {.scanned = true,
                         .threads = {{"supervisor", absl::Seconds(1), true}}};
  for (const ChannelState state : states) {
    status.channels.push_back({.state = state});
  }
  return status;
}

TEST(HealthTest, IsAliveWhileItsThreadsTickWhateverTheChannelsDo) {
  EXPECT_TRUE(Alive(With({})).ok());
  EXPECT_TRUE(Alive(With({ChannelState::kDown})).ok());
  DaemonStatus draining = With({});
  draining.draining = true;
  draining.scanned = false;
  EXPECT_TRUE(Alive(draining).ok());
}

TEST(HealthTest, NamesTheThreadThatDoesNotTick) {
  DaemonStatus status = With({});
  status.threads.push_back({"accept", absl::Milliseconds(61'500), false});
  EXPECT_EQ(Alive(status).message(),
            "thread accept has not come round for 1m1s");
}

TEST(HealthTest, IsReadyWithOneChannelThatIsConnectedOrBusy) {
  EXPECT_TRUE(Ready(With({ChannelState::kDown, ChannelState::kFree})).ok());
  EXPECT_TRUE(Ready(With({ChannelState::kBusy})).ok());
  EXPECT_TRUE(Ready(With({ChannelState::kResync})).ok());
}

TEST(HealthTest, SaysWhyItIsNotReady) {
  DaemonStatus status = With({});
  EXPECT_EQ(Ready(status).message(), "no channels");
  status = With({ChannelState::kDown, ChannelState::kDown});
  EXPECT_EQ(Ready(status).message(), "none of 2 channels is connected");
  status = With({ChannelState::kFree});
  status.draining = true;
  EXPECT_EQ(Ready(status).message(), "draining");
  status.scanned = false;
  EXPECT_EQ(Ready(status).message(), Started(status).message());
  EXPECT_FALSE(Started(status).ok());
}

}  // namespace
}  // namespace vios
