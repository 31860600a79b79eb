// SPDX-License-Identifier: Apache-2.0
#include "channel/frame.h"

#include <array>
#include <set>
#include <string>

#include "channel/raw_frame.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using HeaderBytes = std::array<uint8_t, kHeaderSize>;

constexpr Token kGuest = {0x6775753b};  // "guu;"
constexpr Token kHost = {0x76725763};   // "vrWc"
constexpr HeaderBytes kSynBytes = {'V', 'S', '1', 'A', 'g', 'u', 'u',
                                   ';', '?', '?', '?', '?', 0,   0};

HeaderBytes Encode(const FrameHeader& header) {
  HeaderBytes bytes;
  EncodeHeader(header, bytes.data());
  return bytes;
}

TEST(FrameTest, HeadersMatchTheWire) {
  EXPECT_EQ(Encode({FrameType::kSyn, kGuest, kUnknownToken}), kSynBytes);
  const HeaderBytes data = {'V', 'S', '1', 'D', 'g', 'u',  'u',
                            ';', 'v', 'r', 'W', 'c', 0x86, 0xaa};
  EXPECT_EQ(Encode({FrameType::kData, kGuest, kHost, 0x86aa}), data);
  EXPECT_EQ(DecodeHeader(data),
            (FrameHeader{FrameType::kData, kGuest, kHost, 0x86aa}));
}

TEST(FrameTest, EveryTypeHasItsLetterAndName) {
  const std::array<std::pair<char, const char*>, 9> types = {{{'A', "SYN"},
                                                              {'B', "ACK"},
                                                              {'C', "SYNACK"},
                                                              {'D', "DATA"},
                                                              {'E', "FIN"},
                                                              {'F', "FINACK"},
                                                              {'H', "RESET"},
                                                              {'I', "PING"},
                                                              {'J', "PONG"}}};
  for (const auto& [letter, name] : types) {
    HeaderBytes bytes = kSynBytes;
    bytes[3] = static_cast<uint8_t>(letter);
    const auto header = DecodeHeader(bytes);
    ASSERT_TRUE(header.has_value()) << letter;
    EXPECT_STREQ(FrameTypeName(header->type), name);
    EXPECT_EQ(Encode(*header), bytes);
  }
}

TEST(FrameTest, NoOtherTypeIsValid) {
  int valid = 0;
  for (int type = 0; type < 256; ++type) {
    HeaderBytes bytes = kSynBytes;
    bytes[3] = static_cast<uint8_t>(type);
    if (DecodeHeader(bytes).has_value()) ++valid;
  }
  EXPECT_EQ(valid, 9);
}

TEST(FrameTest, EveryTokenByteIsPrintableAndNoBlank) {
  for (size_t at = 4; at < 12; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      HeaderBytes bytes = kSynBytes;
      bytes[at] = static_cast<uint8_t>(byte);
      EXPECT_EQ(DecodeHeader(bytes).has_value(), byte >= 0x21 && byte <= 0x7e)
          << at << " " << byte;
    }
  }
}

// A flipped bit is noticed or makes another header; never the same one.
TEST(FrameTest, EveryFlippedBitShows) {
  const auto original = DecodeHeader(kSynBytes);
  for (size_t bit = 0; bit < kHeaderSize * 8; ++bit) {
    HeaderBytes bytes = kSynBytes;
    bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const auto header = DecodeHeader(bytes);
    if (!header.has_value()) continue;
    EXPECT_GE(bit, 3u * 8) << "sync or version";
    EXPECT_NE(header, original) << bit;
    EXPECT_EQ(Encode(*header), bytes) << bit;
  }
}

TEST(FrameTest, EveryLengthIsValid) {
  for (size_t length = 0; length <= kMaxPayloadSize; ++length) {
    const FrameHeader header = {FrameType::kData, kGuest, kHost,
                                static_cast<uint16_t>(length)};
    ASSERT_EQ(DecodeHeader(Encode(header)), header);
  }
}

TEST(FrameTest, TokensReadAsOnTheWire) {
  EXPECT_EQ(ToString(kGuest), "guu;");
  EXPECT_EQ(ToString(kUnknownToken), "????");
  EXPECT_EQ(ToString(kNoSessionToken), "RRRR");
}

TEST(FrameTest, RandomTokensNameSessionsAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const Token token = RandomToken();
    EXPECT_TRUE(NamesASession(token));
    const std::string text = ToString(token);
    EXPECT_EQ(text.find_first_of("\"'\\/-"), std::string::npos) << text;
    seen.insert(text);
  }
  EXPECT_GT(seen.size(), 990u);
}

TEST(FrameTest, SpecialTokensNameNoSession) {
  EXPECT_FALSE(NamesASession(kUnknownToken));
  EXPECT_FALSE(NamesASession(kNoSessionToken));
  EXPECT_FALSE(NamesASession({0x20212121}));
  EXPECT_FALSE(NamesASession({0x2121217f}));
  EXPECT_TRUE(NamesASession({0x21217e7e}));
}

TEST(FrameTest, AProbeIsOutOfSessionAndEightBytesLong) {
  const FrameHeader ping = {FrameType::kPing, kNoSessionToken, kNoSessionToken,
                            8};
  EXPECT_TRUE(ping.IsProbe(FrameType::kPing));
  EXPECT_FALSE(ping.IsProbe(FrameType::kPong));
  FrameHeader other = ping;
  other.length = 9;
  EXPECT_FALSE(other.IsProbe(FrameType::kPing));
  other = ping;
  other.host = kHost;
  EXPECT_FALSE(other.IsProbe(FrameType::kPing));
}

TEST(FrameNumbersTest, BeginWithTheTokenAndCountUp) {
  FrameNumbers numbers(kGuest);
  EXPECT_EQ(numbers.Next(), 0x6775753bu);
  EXPECT_EQ(numbers.Next(), 0x6775753cu);
}

TEST(FrameNumbersTest, SkipThePreamble) {
  FrameNumbers numbers({0x56565655});
  EXPECT_EQ(numbers.Next(), 0x56565655u);
  EXPECT_EQ(numbers.Next(), 0x56565657u);
  EXPECT_EQ(FrameNumbers({0x56565656}).Next(), 0x56565657u);
}

TEST(FrameNumbersTest, WrapAround) {
  FrameNumbers numbers({0xffffffff});
  EXPECT_EQ(numbers.Next(), 0xffffffffu);
  EXPECT_EQ(numbers.Next(), 0u);
}

TEST(FrameNumbersTest, AreBigEndian) {
  std::array<uint8_t, kNumberSize> bytes;
  EncodeNumber(0x01020304, bytes.data());
  EXPECT_EQ(bytes, (std::array<uint8_t, 4>{1, 2, 3, 4}));
  EXPECT_EQ(DecodeNumber(bytes.data()), 0x01020304u);
  const std::string second = RawNumber("guu;", 1);
  EXPECT_EQ(second, "guu<");
}

}  // namespace
}  // namespace vios
