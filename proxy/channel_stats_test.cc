// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_stats.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(ChannelStatsTest, IsDownAtFirst) {
  const ChannelStats stats("g", "c", Role::kHost);
  const ChannelStatus status = stats.Status();
  EXPECT_EQ(status.guest, "g");
  EXPECT_EQ(status.name, "c");
  EXPECT_EQ(status.state, ChannelState::kDown);
  EXPECT_FALSE(status.session.has_value());
  EXPECT_EQ(status.totals.reconnects, 0u);
}

TEST(ChannelStatsTest, ShowsASessionFromItsBeginningToItsEnd) {
  ChannelStats stats("", "c", Role::kGuest);
  stats.counters().write.bytes.Add(100);
  stats.BeginSession("127.0.0.1:1");
  EXPECT_EQ(stats.state(), ChannelState::kBusy);
  stats.Agreed("a/b", "agent");
  stats.counters().write.bytes.Add(20);
  stats.counters().read.bytes.Add(3);
  const ChannelStatus busy = stats.Status();
  ASSERT_TRUE(busy.session.has_value());
  EXPECT_EQ(busy.session->client, "127.0.0.1:1");
  EXPECT_EQ(busy.session->tokens, "a/b");
  EXPECT_EQ(busy.session->up_bytes, 20u);
  EXPECT_EQ(busy.session->down_bytes, 3u);
  EXPECT_EQ(busy.totals.up_bytes, 120u);
  stats.Enter(ChannelState::kFree);
  EXPECT_FALSE(stats.Status().session.has_value());
  EXPECT_EQ(stats.Status().peer_agent, "agent");
}

TEST(ChannelStatsTest, UpIsWhatAHostReads) {
  ChannelStats stats("g", "c", Role::kHost);
  stats.counters().read.bytes.Add(5);
  stats.counters().write.bytes.Add(7);
  EXPECT_EQ(stats.Totals().up_bytes, 5u);
  EXPECT_EQ(stats.Totals().down_bytes, 7u);
}

TEST(ChannelStatsTest, EveryConnectionButTheFirstIsAReconnect) {
  ChannelStats stats("g", "c", Role::kHost);
  stats.Connected();
  EXPECT_EQ(stats.Totals().reconnects, 0u);
  stats.Connected();
  stats.Connected();
  EXPECT_EQ(stats.Totals().reconnects, 2u);
}

TEST(ChannelStatsTest, KeepsTheLastError) {
  ChannelStats stats("g", "c", Role::kHost);
  stats.Failed("one");
  stats.Failed("two");
  EXPECT_EQ(stats.Status().last_error, "two");
}

}  // namespace
}  // namespace vios
