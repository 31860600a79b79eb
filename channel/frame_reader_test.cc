// SPDX-License-Identifier: Apache-2.0
#include "channel/frame_reader.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "channel/sanitizer.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using std::string_literals::operator""s;

bool Any(const FrameHeader&) { return true; }
bool OnlyReset(const FrameHeader& header) {
  return header.type == FrameType::kReset;
}

std::string ToRaw(const Frame& frame) {
  return Raw(static_cast<char>(frame.header.type), ToString(frame.header.guest),
             ToString(frame.header.host),
             std::string(frame.payload.begin(), frame.payload.end()));
}

const std::string kSyn = Raw('A', "gggg", "????");
const std::string kData = Raw('D', "gggg", "hhhh", "payload");
const std::string kReset = Raw('H', "gggg", "hhhh");
const std::string kBiggest = Raw('D', "gggg", "hhhh", std::string(65535, 'V'));

class FrameReaderTest : public testing::Test {
 protected:
  // Hunts while it feeds, as a channel does; returns the frames, encoded.
  std::vector<std::string> HuntIn(
      const std::string& bytes, size_t piece = FrameReader::kIdleRead,
      absl::FunctionRef<bool(const FrameHeader&)> wanted = Any) {
    std::vector<std::string> frames;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      Feed(bytes.substr(at, piece));
      while (const auto frame = reader_.Hunt(wanted)) {
        frames.push_back(ToRaw(*frame));
      }
    }
    return frames;
  }
  void Feed(const std::string& bytes) {
    ASSERT_TRUE(WriteAll(pair_.theirs.get(), bytes));
    const auto read = reader_.Fill(pair_.ours.get(), FrameReader::kStreamRead);
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(*read, bytes.size());
  }

  FdPair pair_ = ConnectedPair();
  FrameReader reader_;
};

using Frames = std::vector<std::string>;

TEST_F(FrameReaderTest, FillTellsNothingYetFromTheEnd) {
  const auto nothing = reader_.Fill(pair_.ours.get(), FrameReader::kIdleRead);
  ASSERT_TRUE(nothing.ok());
  EXPECT_FALSE(nothing->has_value());
  pair_.theirs.Reset();
  const auto end = reader_.Fill(pair_.ours.get(), FrameReader::kIdleRead);
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(*end, 0u);
  EXPECT_FALSE(reader_.Fill(-1, FrameReader::kIdleRead).ok());
}

TEST_F(FrameReaderTest, FillReadsNoMoreThanItIsAskedTo) {
  ASSERT_TRUE(WriteAll(pair_.theirs.get(), std::string(10000, 'V')));
  for (const size_t size : {size_t{1}, size_t{4095}, size_t{4097}}) {
    EXPECT_EQ(*reader_.Fill(pair_.ours.get(), size), size);
  }
}

TEST_F(FrameReaderTest, HuntFindsFramesInOneReadAndInPieces) {
  const std::string stream = kSyn + kData + kReset;
  const Frames frames = {kSyn, kData, kReset};
  for (size_t piece = 1; piece <= stream.size(); ++piece) {
    EXPECT_EQ(HuntIn(stream, piece), frames) << piece;
  }
  EXPECT_EQ(reader_.skipped(), 0u);
}

TEST_F(FrameReaderTest, HuntSkipsVRunsOfAnyLength) {
  for (const size_t run :
       {1, 2, 3, 13, 14, 15, 4095, 4096, 4097, 32768, 65549, 200000}) {
    const uint64_t before = reader_.skipped();
    EXPECT_EQ(HuntIn(std::string(run, 'V') + kSyn), Frames{kSyn}) << run;
    EXPECT_EQ(reader_.skipped() - before, run);
  }
}

TEST_F(FrameReaderTest, HuntSkipsNoise) {
  for (const std::string& noise :
       {"GET / HTTP/1.0\r\n\r\n"s, "\0\0\0\0"s, "V"s, "VS"s, "VS1"s, "VSVSVS1"s,
        "VS1Agggg???\x20\0\0"s, kData.substr(0, 8) + "\0\0"s,
        "VS2Agggg????\0\0"s, "VS1Ggggg????\0\0"s}) {
    EXPECT_EQ(HuntIn(noise + kSyn), Frames{kSyn}) << noise;
    EXPECT_EQ(HuntIn(noise + kSyn, 1), Frames{kSyn}) << noise;
  }
}

// The bad header's first byte is dropped, not the whole of it.
TEST_F(FrameReaderTest, HuntGoesOnOneByteBehindABadV) {
  EXPECT_EQ(HuntIn("VS1" + kSyn), Frames{kSyn});
  EXPECT_EQ(HuntIn("VS1Dgg " + kSyn), Frames{kSyn});
  EXPECT_EQ(reader_.skipped(), 3u + 7u);
}

TEST_F(FrameReaderTest, HuntDoesNotLookIntoFramesThatAreWanted) {
  const std::string forged = Raw('D', "gggg", "hhhh", kReset + kReset);
  EXPECT_EQ(HuntIn(forged + kSyn), (Frames{forged, kSyn}));
  EXPECT_EQ(reader_.skipped(), 0u);
}

TEST_F(FrameReaderTest, HuntLooksIntoFramesThatAreNot) {
  const std::string stale = Raw('D', "gggg", "hhhh", "x" + kReset + "y");
  for (size_t piece = 1; piece <= stale.size(); ++piece) {
    EXPECT_EQ(HuntIn(stale + kReset, piece, OnlyReset),
              (Frames{kReset, kReset}))
        << piece;
  }
}

TEST_F(FrameReaderTest, AFrameOfTheSessionInsideAnotherShowsThatThatIsTorn) {
  const Token guest = {0x67676767}, host = {0x68686868};
  const std::string torn = kBiggest.substr(0, 100);
  Feed(torn + "VS1VS VS1Igggg" + Raw('I', "gggg", "xxxx", "1234"));
  EXPECT_FALSE(reader_.DropTornBeforeFrameOf(guest, host));
  const std::string ping = Raw('I', "gggg", "hhhh", "1234");
  Feed(ping.substr(0, 13));
  EXPECT_FALSE(reader_.DropTornBeforeFrameOf(guest, host));
  Feed(ping.substr(13));
  EXPECT_TRUE(reader_.DropTornBeforeFrameOf(guest, host));
  EXPECT_EQ(HuntIn(kSyn), (Frames{ping, kSyn}));
  reader_.Clear();
  Feed(kBiggest.substr(0, 5) + ping);  // Torn inside its header.
  EXPECT_TRUE(reader_.DropTornBeforeFrameOf(guest, host));
}

// As a base session ends: nothing comes behind it.
TEST_F(FrameReaderTest, AFrameWithoutAPayloadIsSeenInsideATornOne) {
  Feed(kBiggest.substr(0, 100) + kReset);
  EXPECT_TRUE(reader_.DropTornBeforeFrameOf({0x67676767}, {0x68686868}));
  EXPECT_EQ(HuntIn(kSyn), (Frames{kReset, kSyn}));
}

TEST_F(FrameReaderTest, HuntFindsABehindAnEndlessUnwantedHeader) {
  const std::string torn = kBiggest.substr(0, 100);
  EXPECT_EQ(HuntIn(torn + kReset, 7, OnlyReset), Frames{kReset});
}

TEST_F(FrameReaderTest, APreambleCompletesATornFrameAndIsSkipped) {
  for (const size_t torn : {14, 15, 1000, 65548}) {
    const Frames frames =
        HuntIn(kBiggest.substr(0, torn) + std::string(65549, 'V') + kSyn);
    EXPECT_EQ(frames, (Frames{kBiggest, kSyn})) << torn;
  }
}

TEST_F(FrameReaderTest, BiggestFramesCrossTheBuffersEndAtEveryPlace) {
  for (const size_t shift : {0, 1, 13, 4096, 30000, 65535}) {
    const std::string first = Raw('D', "gggg", "hhhh", std::string(shift, 'x'));
    EXPECT_EQ(HuntIn(first + kBiggest + kBiggest + kBiggest + kReset, 65536),
              (Frames{first, kBiggest, kBiggest, kBiggest, kReset}))
        << shift;
  }
  EXPECT_EQ(reader_.skipped(), 0u);
}

TEST_F(FrameReaderTest, WhatComesWhenAllIsTakenTouchesNoNewPage) {
  Frame first;
  Frame second;
  Feed(kData);
  ASSERT_EQ(reader_.Read(&first), FrameReader::Next::kFrame);
  Feed(kData);
  ASSERT_EQ(reader_.Read(&second), FrameReader::Next::kFrame);
  EXPECT_EQ(second.payload.data(), first.payload.data());
}

TEST_F(FrameReaderTest, ReadTakesFramesOneByteAtATime) {
  Frame frame;
  const std::string stream = kData + kReset;
  for (size_t at = 0; at < stream.size(); ++at) {
    Feed(stream.substr(at, 1));
    const bool complete = at + 1 == kData.size() || at + 1 == stream.size();
    const auto expected =
        complete ? FrameReader::Next::kFrame : FrameReader::Next::kIncomplete;
    ASSERT_EQ(reader_.Read(&frame), expected) << at;
  }
  EXPECT_EQ(ToRaw(frame), kReset);
  EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kIncomplete);
}

TEST_F(FrameReaderTest, ReadSaysWhenItIsOutOfStepAndHuntGoesOnFromThere) {
  Frame frame;
  Feed(kData + "x");
  EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kFrame);
  EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kOutOfStep);
  Feed(kSyn);
  EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kOutOfStep);
  const auto found = reader_.Hunt(Any);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(ToRaw(*found), kSyn);
}

TEST_F(FrameReaderTest, ReadDoesNotWaitForWhatCannotBecomeAHeader) {
  for (const std::string& start : {"x"s, "VV"s, "VSx"s, "VS1G"s, "VS1A\x1f"s}) {
    Frame frame;
    Feed(start);
    EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kOutOfStep) << start;
    EXPECT_EQ(reader_.AtPreamble(), start == "VV") << start;
    reader_.Clear();
  }
}

TEST_F(FrameReaderTest, APreambleInASessionIsOutOfStep) {
  Frame frame;
  Feed(std::string(14, 'V'));
  EXPECT_EQ(reader_.Read(&frame), FrameReader::Next::kOutOfStep);
  EXPECT_TRUE(reader_.AtPreamble());
}

TEST_F(FrameReaderTest, ClearForgetsATornFrame) {
  Feed(kBiggest.substr(0, 1000));
  EXPECT_FALSE(reader_.Hunt(Any).has_value());
  reader_.Clear();
  EXPECT_EQ(HuntIn(kSyn), Frames{kSyn});
}

// See PageBuffer.
TEST_F(FrameReaderTest, ReadsToTheStartOfAPage) {
  if (kAddressSanitizer) GTEST_SKIP() << "it hands the memory out itself";
  Feed(kData);
  const auto frame = reader_.Hunt(Any);
  ASSERT_TRUE(frame.has_value());
  const auto payload = reinterpret_cast<uintptr_t>(frame->payload.data());
  EXPECT_EQ(payload % 4096, kHeaderSize);
}

TEST_F(FrameReaderTest, AsksASocketForMuchAtOnceAndAPortOnceMoreIsLikely) {
  const FrameReader socket(nullptr, FrameReader::kSocketRead);
  EXPECT_EQ(socket.SessionRead(false), FrameReader::kStreamRead);
  EXPECT_EQ(socket.SessionRead(true), FrameReader::kStreamRead);
  const FrameReader port(nullptr, FrameReader::kPortRead);
  EXPECT_EQ(port.SessionRead(false), FrameReader::kSessionRead);
  EXPECT_EQ(port.SessionRead(true), FrameReader::kStreamRead);
}

TEST_F(FrameReaderTest, EachFrameBehindSkippedBytesIsOneResync) {
  ReadCounters counters;
  FrameReader reader(&counters);
  const auto feed = [&](const std::string& bytes) {
    ASSERT_TRUE(WriteAll(pair_.theirs.get(), bytes));
    ASSERT_TRUE(reader.Fill(pair_.ours.get(), FrameReader::kStreamRead).ok());
    while (reader.Hunt(Any)) {
    }
  };
  feed(kSyn + kData);
  EXPECT_EQ(counters.resyncs.value(), 0u);
  feed("VVVV" + kSyn + kData);
  EXPECT_EQ(counters.resyncs.value(), 1u);
  feed("noise" + kData + "noise" + kReset);
  EXPECT_EQ(counters.resyncs.value(), 3u);
  EXPECT_EQ(counters.skipped_bytes.value(), 14u);
  feed(std::string(kHeaderSize, 'x'));
  EXPECT_EQ(counters.skipped_bytes.value(), 14u + kHeaderSize - 1);
  reader.Clear();  // Another far end, which has sent nothing else.
  feed(kSyn);
  EXPECT_EQ(counters.resyncs.value(), 3u);
}

}  // namespace
}  // namespace vios
