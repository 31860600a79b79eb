// SPDX-License-Identifier: Apache-2.0
// What the guest daemon tells of clients that waited long for a free channel.
#include <cstdint>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/test_log.h"
#include "testing/daemon_pair.h"
#include "testing/told_lines.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr uint64_t kClients = 60;

void EndInGoodOrder(const UniqueFd& client) {
  EXPECT_TRUE(ShutdownWrite(client.get()).ok());
  EXPECT_EQ(EndOf(client), "clean-eof");
}

// Behind one that has the only channel to itself for a while.
void LetManyWait(DaemonPair& daemons) {
  const UniqueFd first = daemons.Connect("echo");
  ASSERT_TRUE(WriteText(first.get(), "x").ok());
  ASSERT_EQ(NextByte(first), 'x');
  std::vector<UniqueFd> waiting;
  for (uint64_t i = 0; i < kClients; ++i) {
    waiting.push_back(daemons.Connect("p"));
  }
  absl::SleepFor(absl::Milliseconds(1100));
  EndInGoodOrder(first);
  for (const UniqueFd& client : waiting) {
    EXPECT_EQ(NextByte(client), '.');
    EndInGoodOrder(client);
  }
}

TEST(LongWait, IsToldOfAFewClientsEachSecondAndCountedOfTheRest) {
  InitTestLog("long_wait_test");
  DaemonPair daemons(1);
  daemons.guest_options().rescan_interval = absl::Milliseconds(50);
  daemons.StartAll();
  ::testing::internal::CaptureStderr();
  LetManyWait(daemons);
  absl::SleepFor(absl::Seconds(1));  // The rest is told as time goes by.
  const ToldLines told =
      CountTold(::testing::internal::GetCapturedStderr(), " waited ",
                " more clients waited for a free channel");
  EXPECT_GT(told.shown, 0u);
  EXPECT_GT(told.counted, 0u);
  EXPECT_EQ(told.shown + told.counted, kClients);
}

}  // namespace
}  // namespace vios::testing
