// SPDX-License-Identifier: Apache-2.0
#include "proxy/human_text.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HumanTextTest, BytesHaveTwoOrThreeDigits) {
  EXPECT_EQ(HumanBytes(0), "0 B");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1000), "1.0 kB");
  EXPECT_EQ(HumanBytes(9'949), "9.9 kB");
  EXPECT_EQ(HumanBytes(9'951), "10 kB");
  EXPECT_EQ(HumanBytes(999'499), "999 kB");
  EXPECT_EQ(HumanBytes(999'500), "1.0 MB");
  EXPECT_EQ(HumanBytes(UINT64_MAX), "18 EB");
}

TEST(HumanTextTest, DurationsHaveTwoUnits) {
  EXPECT_EQ(HumanDuration(absl::Seconds(-3)), "0s");
  EXPECT_EQ(HumanDuration(absl::Milliseconds(59'999)), "59s");
  EXPECT_EQ(HumanDuration(absl::Seconds(65)), "1m 5s");
  EXPECT_EQ(HumanDuration(absl::Hours(3)), "3h 0m");
  EXPECT_EQ(HumanDuration(absl::Hours(292)), "12d 4h");
}

}  // namespace
}  // namespace vios
