// SPDX-License-Identifier: Apache-2.0
#include "channel/option_block.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

using std::string_literals::operator""s;

std::optional<OptionBlock> Decode(const std::string& payload) {
  return DecodeOptionBlock(
      {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
}

const std::string kClaimV4 = "\x04\x0a\x00\x00\x01\x1f\x90"s;
const std::string kBlock =
    "O1\x01\x01\x01\x02\x03"
    "abc"
    "\x03\x07"s +
    kClaimV4;

TEST(OptionBlockTest, MatchesTheWire) {
  EXPECT_EQ(EncodeOptionBlock({1, "abc", kClaimV4}), kBlock);
  const auto block = Decode(kBlock);
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ(block->version, 1);
  EXPECT_EQ(block->agent, "abc");
  EXPECT_EQ(block->client, kClaimV4);
}

// Cut between two options it is a shorter block, elsewhere none at all.
TEST(OptionBlockTest, EveryTruncationIsAShorterBlockOrNone) {
  for (size_t size = 0; size < kBlock.size(); ++size) {
    const bool between = size == 2 || size == 5 || size == 10;
    EXPECT_EQ(Decode(kBlock.substr(0, size)).has_value(), between) << size;
  }
}

TEST(OptionBlockTest, OtherMagicIsNoBlock) {
  EXPECT_FALSE(Decode("O2\x01\x01\x01").has_value());
  EXPECT_FALSE(Decode("o1\x01\x01\x01").has_value());
}

TEST(OptionBlockTest, UnknownKindsAreSkippedAlsoEmptyOnes) {
  const auto block = Decode("O1\x63\x02xy\xff\x00\x01\x01\x01"s);
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ(block->version, 1);
}

TEST(OptionBlockTest, AMissingVersionIsNone) {
  EXPECT_EQ(Decode("O1")->version, 0);
  EXPECT_EQ(Decode("O1\x01\x02\x01\x01")->version, 0);
  EXPECT_EQ(Decode("O1\x01\x00"s)->version, 0);
}

TEST(OptionBlockTest, OfTwoTheLastCounts) {
  EXPECT_EQ(Decode("O1\x01\x01\x03\x01\x01\x02")->version, 2);
}

TEST(OptionBlockTest, LongTextIsCutAndNoTextIsLeftOut) {
  const auto block = Decode(EncodeOptionBlock({1, std::string(300, 'a'), ""}));
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ(block->agent, std::string(255, 'a'));
  EXPECT_EQ(EncodeOptionBlock({1, "", ""}), "O1\x01\x01\x01");
}

TEST(OptionBlockTest, ClaimsOfTheKnownFormsAreShown) {
  EXPECT_EQ(ClientClaimToString(kClaimV4), "10.0.0.1:8080");
  EXPECT_EQ(ClientClaimToString("\x06" + std::string(15, '\0') + "\x01" +
                                "\x00\x50"s),
            "[::1]:80");
  EXPECT_EQ(ClientClaimToString(""), "");
  EXPECT_EQ(ClientClaimToString(kClaimV4 + "x"), "");
  EXPECT_EQ(ClientClaimToString("\x06" + kClaimV4.substr(1)), "");
}

}  // namespace
}  // namespace vios
