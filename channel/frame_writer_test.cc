// SPDX-License-Identifier: Apache-2.0
#include "channel/frame_writer.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>

#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "channel/sanitizer.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr Token kGuest = {0x67676767};
constexpr Token kHost = {0x68686868};
constexpr FrameHeader kAck = {FrameType::kAck, kGuest, kHost};
constexpr FrameHeader kReset = {FrameType::kReset, kGuest, kHost};
const absl::Duration kRetry = absl::Seconds(5);

Deadline Late() { return Deadline::After(absl::Seconds(10)); }

class FrameWriterTest : public testing::Test {
 protected:
  // Adds a DATA frame that leaves `left` bytes of the buffer.
  std::string AddDataLeaving(size_t left) {
    const std::string payload(kMaxWriteSize - kHeaderSize - left, 'd');
    std::copy(payload.begin(), payload.end(), writer_.Room().begin());
    writer_.Commit({FrameType::kData, kGuest, kHost,
                    static_cast<uint16_t>(payload.size())});
    return Raw('D', "gggg", "hhhh", payload);
  }
  absl::Status Flush(Deadline deadline = Late()) {
    return writer_.Flush(pair_.ours.get(), kRetry, deadline, *wakeup_);
  }
  absl::Status FlushAll(Deadline deadline = Late()) {
    return writer_.FlushAll(pair_.ours.get(), kRetry, deadline, *wakeup_);
  }
  // Flushes while a reader takes everything; what it got, and then the end.
  std::string FlushToAReader() {
    std::string got;
    std::thread reader([this, &got] {
      std::string piece;
      while (!(piece = ReadExactly(pair_.theirs.get(), 1)).empty()) {
        got += piece;
      }
    });
    EXPECT_TRUE(Flush().ok());
    pair_.ours.Reset();
    reader.join();
    return got;
  }

  FdPair pair_ = ConnectedPair(1);  // The smallest send buffer there is.
  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  FrameWriter writer_;
};

// See PageBuffer.
TEST_F(FrameWriterTest, BuildsFramesFromTheMiddleOfAPageOn) {
  if (kAddressSanitizer) GTEST_SKIP() << "it hands the memory out itself";
  const auto payload = reinterpret_cast<uintptr_t>(writer_.Room().data());
  EXPECT_EQ(payload % 4096, 2048 + kHeaderSize);
}

TEST_F(FrameWriterTest, FramesShareOneWriteInTheirOrder) {
  EXPECT_FALSE(writer_.pending());
  ASSERT_TRUE(writer_.Append(kAck, ""));
  ASSERT_TRUE(writer_.Append(kReset, "\x02why"));
  EXPECT_TRUE(writer_.pending());
  ASSERT_TRUE(writer_.TryFlush(pair_.ours.get()).ok());
  EXPECT_FALSE(writer_.pending());
  const std::string wire =
      Raw('B', "gggg", "hhhh") + Raw('H', "gggg", "hhhh", "\x02why");
  EXPECT_EQ(ReadExactly(pair_.theirs.get(), wire.size()), wire);
}

TEST_F(FrameWriterTest, AFrameOfOursFillsOneWriteOfAPortAtMost) {
  EXPECT_EQ(writer_.Room().size(), 32754u);
  AddDataLeaving(0);
  EXPECT_TRUE(writer_.Room().empty());
  EXPECT_FALSE(writer_.Append(kAck, ""));
}

TEST_F(FrameWriterTest, WhatDoesNotFitIsNotAdded) {
  for (size_t left = 0; left <= kHeaderSize + 4; ++left) {
    writer_.Clear();
    const std::string data = AddDataLeaving(left);
    EXPECT_EQ(writer_.Append(kAck, ""), left >= kHeaderSize) << left;
    EXPECT_EQ(writer_.Append(kReset, "four"), false) << left;
  }
}

TEST_F(FrameWriterTest, ShortWritesAreFinished) {
  const std::string data = AddDataLeaving(100);
  ASSERT_TRUE(writer_.Append(kAck, ""));
  EXPECT_TRUE(FlushToAReader() == data + Raw('B', "gggg", "hhhh"));
}

TEST_F(FrameWriterTest, APreambleGoesFirstAndWhole) {
  ASSERT_TRUE(writer_.Append(kAck, ""));
  writer_.AddPreamble();
  EXPECT_TRUE(FlushToAReader() ==
              std::string(65549, 'V') + Raw('B', "gggg", "hhhh"));
}

TEST_F(FrameWriterTest, WhatAPeerDoesNotTakeStaysPendingAndIsFinishedLater) {
  const std::string data = AddDataLeaving(100);
  ASSERT_TRUE(writer_.TryFlush(pair_.ours.get()).ok());
  ASSERT_TRUE(writer_.pending());
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(Flush(Deadline::After(absl::Milliseconds(20)))));
  ASSERT_TRUE(writer_.pending());
  ASSERT_TRUE(writer_.Append(kAck, ""));
  EXPECT_TRUE(FlushToAReader() == data + Raw('B', "gggg", "hhhh"));
}

TEST_F(FrameWriterTest, ARingEndsAFlushAndLosesNothing) {
  const std::string data = AddDataLeaving(0);
  wakeup_->Ring();
  EXPECT_TRUE(Flush(Deadline::Never()).ok());
  EXPECT_TRUE(writer_.pending());
  EXPECT_TRUE(FlushToAReader() == data);
}

TEST_F(FrameWriterTest, ARingDoesNotEndAFlushOfAll) {
  const std::string data = AddDataLeaving(0);
  std::string got;
  std::thread reader([&] {
    for (size_t i = 0; i < data.size(); ++i) {
      if (i % 1000 == 0) wakeup_->Ring();
      got += ReadExactly(pair_.theirs.get(), 1);
    }
  });
  EXPECT_TRUE(FlushAll().ok());
  EXPECT_FALSE(writer_.pending());
  reader.join();
  EXPECT_TRUE(got == data);
}

TEST_F(FrameWriterTest, AFlushOfAllEndsAtItsDeadlineAndByCancel) {
  AddDataLeaving(0);
  wakeup_->Ring();
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      FlushAll(Deadline::After(absl::Milliseconds(20)))));
  EXPECT_TRUE(writer_.pending());
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(FlushAll(Deadline::Never())));
  EXPECT_TRUE(writer_.pending());
}

TEST_F(FrameWriterTest, AFlushOfNothingIsOverAtOnce) {
  cancel_.Fire();
  EXPECT_TRUE(FlushAll(Deadline::Never()).ok());
}

TEST_F(FrameWriterTest, CancelEndsAFlushAndLosesNothing) {
  AddDataLeaving(0);
  std::thread other([this] { cancel_.Fire(); });
  EXPECT_TRUE(absl::IsCancelled(Flush(Deadline::Never())));
  other.join();
  EXPECT_TRUE(writer_.pending());
}

TEST_F(FrameWriterTest, AFarEndThatLeftIsUnavailable) {
  pair_.theirs.Reset();
  ASSERT_TRUE(writer_.Append(kAck, ""));
  EXPECT_TRUE(absl::IsUnavailable(Flush(Deadline::Never())));
  EXPECT_TRUE(absl::IsUnavailable(writer_.TryFlush(pair_.ours.get())));
}

TEST_F(FrameWriterTest, AFarEndThatLeavesMeanwhileIsUnavailable) {
  AddDataLeaving(0);
  std::thread other([this] { pair_.theirs.Reset(); });
  EXPECT_TRUE(absl::IsUnavailable(Flush(Deadline::Never())));
  other.join();
}

TEST_F(FrameWriterTest, ClearTearsWhatWasBegun) {
  AddDataLeaving(0);
  writer_.AddPreamble();
  writer_.Clear();
  EXPECT_FALSE(writer_.pending());
  EXPECT_TRUE(Flush().ok());
}

}  // namespace
}  // namespace vios
