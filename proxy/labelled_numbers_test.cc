// SPDX-License-Identifier: Apache-2.0
#include "proxy/labelled_numbers.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kText[] =
    "Name:\tx\nUid:\t0\t4294967295 7\nVmRSS:\t  12 kB\n"
    "Max open files            unlimited 4096 files\nbytes: 5";

TEST(LabelledNumbersTest, AreOfTheLineThatBeginsWithTheLabel) {
  EXPECT_THAT(NumbersBehind(kText, "Uid:"), ElementsAre(0, 4294967295, 7));
  EXPECT_THAT(NumbersBehind(kText, "Gid:"), IsEmpty());
  EXPECT_THAT(NumbersBehind(kText, "Name:"), IsEmpty());
}

TEST(LabelledNumbersTest, TheFirstWordIsANumberOrThereIsNone) {
  EXPECT_EQ(NumberBehind(kText, "VmRSS:"), 12);
  EXPECT_EQ(NumberBehind(kText, "bytes:"), 5);
  EXPECT_EQ(NumberBehind(kText, "Max open files"), std::nullopt);
  EXPECT_EQ(NumberBehind(kText, "VmSize:"), std::nullopt);
}

}  // namespace
}  // namespace vios
