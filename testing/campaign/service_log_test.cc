// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/service_log.h"

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

TEST(ServiceLogTest, BeginningsAndEndsBelongTogether) {
  const ServiceLog log = ParseServiceLog(
      "listening 4711\n"
      "begin 1 both 1 2 3 4 a\n"
      "begin 2 first 5 6 7 8 b\n"
      "end 2 first 5 6 7 8 b : outcome=reset received=3 digest=0f sent=5\n");
  ASSERT_EQ(log.served.size(), 2u);
  EXPECT_EQ(log.served[0].request, "both 1 2 3 4 a");
  EXPECT_EQ(log.served[0].outcome, "");
  EXPECT_EQ(log.served[1].request, "first 5 6 7 8 b");
  EXPECT_EQ(log.served[1].outcome, "reset");
  EXPECT_EQ(log.served[1].received, 3u);
  EXPECT_EQ(log.served[1].digest, "0f");
  EXPECT_TRUE(log.strange.empty());
}

TEST(ServiceLogTest, HalfALineIsNoLine) {
  const ServiceLog log = ParseServiceLog("listening 4711\nbegin 1 both 1 2");
  EXPECT_TRUE(log.served.empty());
  EXPECT_TRUE(log.strange.empty());
}

TEST(ServiceLogTest, OnlyAResetMayComeInPlaceOfARequest) {
  const ServiceLog log =
      ParseServiceLog("no request 1: reset\nno request 2: failed\n");
  ASSERT_EQ(log.strange.size(), 1u);
  EXPECT_EQ(log.strange[0], "no request 2: failed");
}

TEST(ServiceLogTest, NameIsTheLastWord) {
  EXPECT_EQ(NameIn("both 1 2 3 4 r5.6"), "r5.6");
  EXPECT_EQ(NameIn("r5.6"), "r5.6");
}

}  // namespace
}  // namespace vios::testing
