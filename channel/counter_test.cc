// SPDX-License-Identifier: Apache-2.0
#include "channel/counter.h"

#include <cstddef>
#include <thread>

#include "channel/channel_counters.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(CounterTest, AddsWhatItIsTold) {
  Counter counter;
  EXPECT_EQ(counter.value(), 0u);
  counter.Add();
  counter.Add(41);
  EXPECT_EQ(counter.value(), 42u);
}

TEST(CounterTest, ReaderNeverSeesItShrink) {
  Counter counter;
  constexpr uint64_t kCount = 100'000;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kCount; ++i) counter.Add();
  });
  uint64_t last = 0;
  bool shrank = false;
  while (last < kCount && !shrank) {
    const uint64_t now = counter.value();
    shrank = now < last;
    last = now;
  }
  writer.join();
  EXPECT_FALSE(shrank) << "to " << last;
}

TEST(ChannelCountersTest, TwoThreadsShareNoCacheLine) {
  EXPECT_EQ(sizeof(ReadCounters) % kCacheLine, 0u);
  EXPECT_EQ(offsetof(ChannelCounters, write) % kCacheLine, 0u);
}

}  // namespace
}  // namespace vios
