// SPDX-License-Identifier: Apache-2.0
#include "proxy/metrics.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

uint64_t BytesOf(const Metrics& metrics, const std::string& guest) {
  const MetricsSnapshot snapshot = metrics.Snapshot();
  const auto found = snapshot.guests.find(guest);
  return found == snapshot.guests.end() ? 0 : found->second.totals.up_bytes;
}

TEST(MetricsTest, SumsUpTheChannelsOfEachGuest) {
  Metrics metrics(Role::kHost);
  const auto a0 = metrics.AddChannel("a", "0");
  const auto a1 = metrics.AddChannel("a", "1");
  const auto b0 = metrics.AddChannel("b", "0");
  a0->counters().read.bytes.Add(1);
  a1->counters().read.bytes.Add(10);
  b0->counters().read.bytes.Add(100);
  a1->Enter(ChannelState::kFree);
  EXPECT_EQ(BytesOf(metrics, "a"), 11u);
  EXPECT_EQ(BytesOf(metrics, "b"), 100u);
  const MetricsSnapshot snapshot = metrics.Snapshot();
  EXPECT_EQ(snapshot.all.up_bytes, 111u);
  const auto& states = snapshot.guests.at("a").channels;
  EXPECT_EQ(states[static_cast<size_t>(ChannelState::kDown)], 1u);
  EXPECT_EQ(states[static_cast<size_t>(ChannelState::kFree)], 1u);
}

TEST(MetricsTest, NoSumShrinksWhenAChannelLeaves) {
  Metrics metrics(Role::kHost);
  const auto one = metrics.AddChannel("a", "0");
  const auto two = metrics.AddChannel("a", "1");
  one->counters().read.bytes.Add(5);
  metrics.RemoveChannel(one);
  metrics.RemoveChannel(one);  // Once is enough.
  EXPECT_EQ(BytesOf(metrics, "a"), 5u);
  EXPECT_EQ(metrics.Snapshot().all.up_bytes, 5u);
  EXPECT_EQ(metrics.Channels().size(), 1u);
}

TEST(MetricsTest, AGuestIsForgottenWithItsLastChannelButNotWhatItMoved) {
  Metrics metrics(Role::kHost);
  for (const char* guest : {"a", "b", "c"}) {
    const auto first = metrics.AddChannel(guest, "0");
    const auto second = metrics.AddChannel(guest, "1");
    first->counters().read.bytes.Add(5);
    second->counters().read.bytes.Add(2);
    metrics.RemoveChannel(first);
    metrics.RemoveChannel(second);
  }
  EXPECT_TRUE(metrics.Snapshot().guests.empty());
  EXPECT_EQ(metrics.Snapshot().all.up_bytes, 21u);
}

TEST(MetricsTest, CountsEachWayToEnd) {
  Metrics metrics(Role::kGuest);
  metrics.CountEnd(Termination::kQueueFull);
  metrics.CountEnd(Termination::kQueueFull);
  const MetricsSnapshot snapshot = metrics.Snapshot();
  EXPECT_EQ(snapshot.ended[static_cast<size_t>(Termination::kQueueFull)], 2u);
  EXPECT_EQ(snapshot.ended[static_cast<size_t>(Termination::kClean)], 0u);
}

TEST(MetricsTest, ChannelsComeByGuestAndName) {
  Metrics metrics(Role::kHost);
  for (const char* guest : {"b", "a"}) {
    for (const char* name : {"1", "0"}) metrics.AddChannel(guest, name);
  }
  std::string order;
  for (const ChannelStatus& one : metrics.Channels()) {
    order += one.guest + one.name + " ";
  }
  EXPECT_EQ(order, "a0 a1 b0 b1 ");
}

}  // namespace
}  // namespace vios
