// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_lines.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

ChannelStatus Free(const std::string& name) {
  return {.guest = "g1", .name = name, .state = ChannelState::kFree};
}

TEST(StatusLinesTest, SummaryCountsChannelsAndClients) {
  DaemonStatus status;
  EXPECT_EQ(StatusSummary(status), "0 channels");
  status.channels = {Free("0"), Free("1"), {.name = "2"}};
  status.queue = {.length = 4, .limit = 128};
  EXPECT_EQ(StatusSummary(status),
            "3 channels: 2 free, 1 down; 4 clients wait");
  status.draining = true;
  EXPECT_THAT(StatusSummary(status), HasSubstr("draining; 3 channels"));
}

TEST(StatusLinesTest, AChannelHasItsSessionAndItsTotals) {
  DaemonStatus status;
  ChannelStatus busy = Free("0");
  busy.state = ChannelState::kBusy;
  busy.session = {.tokens = "abcd/ABCD",
                  .client = "10.0.0.1:80",
                  .age = absl::Seconds(2),
                  .up_bytes = 7,
                  .down_bytes = 9};
  busy.totals.up_bytes = 70;
  busy.last_error = "host left";
  status.channels = {busy, Free("1")};
  const auto lines = StatusLines(status, 10);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].ToString(),
            "guest=g1 channel=0 state=busy in_state=0.0ms tokens=abcd/ABCD "
            "client=10.0.0.1:80 age=2000.0ms up=7 down=9 total_up=70 "
            "total_down=0 last_error=\"host left\"");
  EXPECT_THAT(lines[1].ToString(), Not(HasSubstr("tokens")));
}

TEST(StatusLinesTest, AreBoundedAndEscaped) {
  DaemonStatus status;
  for (int i = 0; i < 300; ++i)
    status.channels.push_back(Free(absl::StrCat(i)));
  status.channels[0].peer_agent = "evil\n\x1b";
  const auto lines = StatusLines(status, 5);
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_THAT(lines[0].ToString(), HasSubstr("peer=\"evil\\x0a\\x1b\""));
}

}  // namespace
}  // namespace vios
