// SPDX-License-Identifier: Apache-2.0
// What the guest daemon tells of clients that waited long for a free channel.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
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
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

constexpr uint64_t kClients = 60;

void EndInGoodOrder(const UniqueFd& client) {
  EXPECT_TRUE(ShutdownWrite(client.get()).ok());
  EXPECT_EQ(EndOf(client), "clean-eof");
}

// Behind one that has the only channel to itself for a while. Stderr is
// captured from then on.
void LetManyWait(DaemonPair& daemons) {
  const UniqueFd first = daemons.Connect("echo");
  ASSERT_TRUE(WriteText(first.get(), "x").ok());
  ASSERT_EQ(NextByte(first), 'x');
  // What was told of that one, should the channel have taken long, is not
  // meant.
  ::testing::internal::CaptureStderr();
  std::vector<UniqueFd> waiting;
  for (uint64_t i = 0; i < kClients; ++i) {
    waiting.push_back(daemons.Connect("p"));
  }
  ASSERT_TRUE(Eventually(absl::Seconds(20), [&daemons] {
    return daemons.guest().Status().queue->length == kClients;
  }));
  absl::SleepFor(absl::Milliseconds(1100));
  EndInGoodOrder(first);
  for (const UniqueFd& client : waiting) {
    EXPECT_EQ(NextByte(client), '.');
    EndInGoodOrder(client);
  }
}

ToldLines CountWaits(const std::string& log) {
  return CountTold(log, " waited ", " more clients waited for a free channel");
}

// Of the captured stderr, which goes on.
ToldLines ToldSoFar() {
  std::ifstream captured("/proc/self/fd/2");
  return CountWaits({std::istreambuf_iterator<char>(captured), {}});
}

TEST(LongWait, IsToldOfAFewClientsEachSecondAndCountedOfTheRest) {
  InitTestLog("long_wait_test");
  DaemonPair daemons(1);
  daemons.guest_options().rescan_interval = absl::Milliseconds(50);
  daemons.StartAll();
  ASSERT_NO_FATAL_FAILURE(LetManyWait(daemons));
  // The rest is told as time goes by.
  EXPECT_TRUE(Eventually(absl::Seconds(20), [] {
    const ToldLines told = ToldSoFar();
    return told.shown + told.counted >= kClients;
  }));
  const std::string log = ::testing::internal::GetCapturedStderr();
  const ToldLines told = CountWaits(log);
  EXPECT_GT(told.shown, 0u);
  EXPECT_GT(told.counted, 0u);
  EXPECT_EQ(told.shown + told.counted, kClients) << log;
}

}  // namespace
}  // namespace vios::testing
