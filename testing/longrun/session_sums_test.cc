// SPDX-License-Identifier: Apache-2.0
#include "testing/longrun/session_sums.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kLog[] =
    "2026-11-23T01:02:03.456789Z [main] ALERT started up=7\n"
    "2026-11-23T01:02:04.456789Z [up:0] INFO session ended: guest=g1 channel=0 "
    "tokens=a/b connect=1.0ms up=2 down=1 duration=9.0ms end=\"clean\"\n"
    "2026-11-23T01:02:05.456789Z [supervisor] INFO more sessions ended in "
    "the last second: guest=g1 sessions=15 up=30 down=16\n";

TEST(SessionSums, CountBothKindsOfLines) {
  std::vector<std::string> unclean;
  EXPECT_EQ(SumSessions(kLog, &unclean), (SessionSums{16, 32, 17}));
  EXPECT_THAT(unclean, IsEmpty());
}

TEST(SessionSums, TellWhatDidNotEndCleanly) {
  std::vector<std::string> unclean;
  SumSessions("T [up:0] INFO session ended: up=2 down=1 end=\"timed out\"\n",
              &unclean);
  EXPECT_THAT(unclean, ElementsAre(HasSubstr("timed out")));
}

}  // namespace
}  // namespace vios::testing
