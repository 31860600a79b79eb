// SPDX-License-Identifier: Apache-2.0
// The figures that no flag sets, and those that flags do.
#include "proxy/relay_limits.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "proxy/options.h"
#include "proxy/relay.h"

namespace vios {
namespace {

TEST(RelayLimitsTest, TheFiguresAreTheProtocols) {
  const RelayLimits limits;
  EXPECT_EQ(limits.ping_interval, absl::Seconds(30));
  EXPECT_EQ(limits.finish_timeout, absl::Seconds(30));
  EXPECT_EQ(limits.half_close_timeout, absl::Seconds(60));
  EXPECT_EQ(limits.idle_timeout, absl::ZeroDuration());
  EXPECT_EQ(limits.peer_timeout, absl::ZeroDuration());
}

TEST(RelayLimitsTest, TheOptionsAreThoseOfTheDaemon) {
  CommonOptions options;
  options.idle_timeout = absl::Seconds(1);
  options.half_close_timeout = absl::Seconds(2);
  options.peer_timeout = absl::Seconds(3);
  const RelayLimits limits = LimitsOf(options);
  EXPECT_EQ(limits.idle_timeout, absl::Seconds(1));
  EXPECT_EQ(limits.half_close_timeout, absl::Seconds(2));
  EXPECT_EQ(limits.peer_timeout, absl::Seconds(3));
}

TEST(RelayLimitsTest, WithoutOptionsOfItsOwnADaemonHasTheSameFigures) {
  const RelayLimits ours = LimitsOf(CommonOptions());
  const RelayLimits limits;
  EXPECT_EQ(ours.idle_timeout, limits.idle_timeout);
  EXPECT_EQ(ours.half_close_timeout, limits.half_close_timeout);
  EXPECT_EQ(ours.peer_timeout, limits.peer_timeout);
  EXPECT_EQ(ours.ping_interval, limits.ping_interval);
  EXPECT_EQ(ours.finish_timeout, limits.finish_timeout);
}

}  // namespace
}  // namespace vios
