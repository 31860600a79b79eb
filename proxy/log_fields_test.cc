// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_fields.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(LogFieldsTest, AreNameAndValueInTheirOrder) {
  LogFields fields;
  fields.Add("guest", "g1").AddNumber("up", 7);
  fields.AddDuration("connect", absl::Microseconds(1500));
  fields.AddText("end", "timed out");
  EXPECT_EQ(fields.ToString(), "guest=g1 up=7 connect=1.5ms end=\"timed out\"");
}

TEST(LogFieldsTest, EmptyTextIsLeftOutAndZeroIsNot) {
  LogFields fields;
  EXPECT_TRUE(fields.empty());
  fields.Add("guest", "").AddText("peer", "").AddNumber("down", 0);
  EXPECT_EQ(fields.ToString(), "down=0");
}

TEST(LogFieldsTest, AWordWithABlankLooksLikeNoOtherField) {
  LogFields fields;
  fields.Add("channel", "0 why=clean").Add("client", "a");
  EXPECT_EQ(fields.ToString(), "channel=\"0 why=clean\" client=a");
}

TEST(LogFieldsTest, AppendedOnesComeLast) {
  LogFields fields, more;
  more.Add("channel", "0");
  fields.Add("guest", "g1").Append(more);
  EXPECT_EQ(fields.ToString(), "guest=g1 channel=0");
}

}  // namespace
}  // namespace vios
