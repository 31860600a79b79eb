// SPDX-License-Identifier: Apache-2.0
#include "proxy/guest_limits.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(GuestLimitsTest, ChannelsOfOneGuestShareTheirs) {
  GuestLimits limits;
  EXPECT_EQ(limits.Of("a"), limits.Of("a"));
  EXPECT_NE(limits.Of("a"), limits.Of("b"));
}

TEST(GuestLimitsTest, AGuestThatStaysKeepsWhatItHasUsed) {
  GuestLimits limits;
  const auto stays = limits.Of("stays");
  const auto goes = limits.Of("goes");
  limits.KeepOnly({"stays"});
  EXPECT_EQ(limits.Of("stays"), stays);
  EXPECT_NE(limits.Of("goes"), goes);
}

}  // namespace
}  // namespace vios
