// SPDX-License-Identifier: Apache-2.0
#include "channel/channel.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/flood_gate.h"
#include "channel/new_syn.h"
#include "channel/raw_frame.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Pair;

bool Any(const FrameHeader&) { return true; }
bool None(const FrameHeader&) { return false; }

const std::string kBlock = "O1\x01\x01\x01";
const std::string kPing = Raw('I', "RRRR", "RRRR", "12345678");
const std::string kStale = Raw('D', "old1", "old2", "stale");
const std::string kMarker = Raw('H', "mark", "mark");
constexpr absl::Duration kRetry = absl::Seconds(5);
constexpr FrameHeader kReset = {FrameType::kReset, {0x67676767}, {0x68686868}};

Deadline Late() { return Deadline::After(absl::Seconds(10)); }

class ChannelTest : public testing::Test {
 protected:
  void Make(Role role, bool options_enabled = true, int send_buffer = 0) {
    FdPair pair = ConnectedPair(send_buffer);
    channel_.emplace(std::move(pair.ours), role, options_enabled);
    theirs_ = std::move(pair.theirs);
  }
  void Send(const std::string& bytes) {
    ASSERT_TRUE(WriteAll(theirs_.get(), bytes));
  }
  // Takes frames, and answers them as when there is no session, up to and
  // without the marker, and sends what is owed.
  void Take(const std::string& bytes) {
    Send(bytes + kMarker);
    while (true) {
      const auto frame =
          channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_);
      ASSERT_TRUE(frame.ok()) << frame.status();
      if (!frame->has_value()) continue;
      if (ToString((**frame).header.guest) == "mark") break;
      if (TakeSyn(*channel_, **frame)) continue;
      channel_->AnswerStray(**frame);
    }
    OneTurn();
  }
  // Writes what is owed and reads what has come.
  void OneTurn() {
    wakeup_->Ring();
    const auto frame = channel_->Await(None, nullptr, kRetry, Late(), *wakeup_);
    ASSERT_TRUE(frame.ok()) << frame.status();
    EXPECT_FALSE(frame->has_value());
  }
  void SendReset() {
    ASSERT_TRUE(channel_->Queue(kReset, "").ok());
    ASSERT_TRUE(channel_->writer().TryFlush(channel_->fd()).ok());
  }
  absl::Status Flush() {
    return channel_->writer().Flush(channel_->fd(), absl::Seconds(1), Late(),
                                    *wakeup_);
  }
  RawFrame Next() {
    auto frame = ReadRawFrame(theirs_.get());
    EXPECT_TRUE(frame.has_value());
    return frame.value_or(RawFrame{});
  }

  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  std::optional<Channel> channel_;
  UniqueFd theirs_;
};

TEST_F(ChannelTest, APeerShowsOptionsByTheirFramesAndBlocks) {
  for (const std::string& shown :
       {Raw('E', "gggg", "hhhh", "1234"), Raw('F', "gggg", "hhhh", "1234"),
        kPing, Raw('J', "RRRR", "RRRR", "12345678"),
        Raw('A', "gggg", "????", kBlock), Raw('C', "gggg", "hhhh", kBlock)}) {
    Make(Role::kHost);
    EXPECT_FALSE(channel_->peer_has_options());
    Take(shown);
    EXPECT_TRUE(channel_->peer_has_options()) << shown;
    channel_->Restart();
    EXPECT_FALSE(channel_->peer_has_options());
  }
}

TEST_F(ChannelTest, ATraceIsToldOfEachFrameBothWays) {
  std::vector<std::pair<FrameWay, FrameType>> told;
  const FrameTrace trace = [&told](FrameWay way, const FrameHeader& header) {
    told.emplace_back(way, header.type);
  };
  Make(Role::kGuest);
  channel_->Trace(&trace);
  Take(kPing);
  EXPECT_THAT(told, ElementsAre(Pair(FrameWay::kReceived, FrameType::kPing),
                                Pair(FrameWay::kReceived, _),  // The marker.
                                Pair(FrameWay::kSent, FrameType::kPong)));
}

TEST_F(ChannelTest, NothingElseShowsOptions) {
  Make(Role::kHost);
  Take(Raw('A', "gggg", "????") + Raw('B', "gggg", "hhhh", kBlock) +
       Raw('D', "gggg", "hhhh", kBlock) + Raw('H', "gggg", "hhhh", "\x02"));
  EXPECT_FALSE(channel_->peer_has_options());
}

TEST_F(ChannelTest, ASynOrSynAckWithoutAUsableBlockTakesOptionsBack) {
  for (const std::string& block :
       {std::string(), std::string("O1"), std::string("O1\x01\x01\x00", 5),
        kBlock + "x", std::string("garbage")}) {
    for (const std::string& frame :
         {Raw('A', "gggg", "????", block), Raw('C', "gggg", "hhhh", block)}) {
      Make(Role::kGuest);
      Take(kPing);
      ASSERT_TRUE(channel_->peer_has_options());
      Take(frame);
      EXPECT_FALSE(channel_->peer_has_options()) << frame;
    }
  }
}

TEST_F(ChannelTest, WithoutOptionsOfOursThePeerHasNoneAndGetsNoAnswer) {
  Make(Role::kHost, /*options_enabled=*/false);
  Take(kPing + kStale + Raw('A', "gggg", "????", kBlock));
  EXPECT_FALSE(channel_->peer_has_options());
  EXPECT_EQ(channel_->stale_frames(), 1u);
  SendReset();
  const RawFrame first = Next();
  EXPECT_EQ(first.type, 'H');
  EXPECT_EQ(first.guest, "gggg");
  EXPECT_EQ(first.preamble, 0u);
}

TEST_F(ChannelTest, AHostWritesOnePreambleInFrontOfItsFirstFrame) {
  Make(Role::kHost);
  Take(kPing);
  const RawFrame pong = Next();
  EXPECT_EQ(pong.type, 'J');
  EXPECT_EQ(pong.preamble, 65549u);
  SendReset();
  EXPECT_EQ(Next().preamble, 0u);
}

TEST_F(ChannelTest, AHostWritesNoPreambleToAPeerWithoutOptions) {
  Make(Role::kHost);
  SendReset();
  EXPECT_EQ(Next().preamble, 0u);
  Take(Raw('A', "gggg", "????"));
  SendReset();
  EXPECT_EQ(Next().preamble, 0u);
}

TEST_F(ChannelTest, AHostWritesAnotherPreambleOnANewConnectionOnly) {
  Make(Role::kHost);
  Take(kPing);
  EXPECT_EQ(Next().preamble, 65549u);
  Take(Raw('A', "gggg", "????"));  // Taken back, and shown again.
  Take(kPing);
  EXPECT_EQ(Next().preamble, 0u);
  channel_->Restart();
  Take(kPing);
  EXPECT_EQ(Next().preamble, 65549u);
}

// Behind a frame that had been begun before it was due, it would come in the
// middle of a session.
TEST_F(ChannelTest, APreambleThatComesTooLateIsLeftOut) {
  Make(Role::kHost, true, /*send_buffer=*/1);
  int queued = 0;
  do {
    ASSERT_TRUE(channel_->Queue(kReset, std::string(1000, 'x')).ok());
    ASSERT_TRUE(channel_->writer().TryFlush(channel_->fd()).ok());
    ++queued;
  } while (!channel_->writer().pending());
  Send(Raw('A', "gggg", "????", kBlock));
  const auto syn = channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_);
  ASSERT_TRUE(syn.ok());
  SendReset();  // In place of the SYNACK.
  for (int i = 0; i < queued + 1; ++i) {
    std::thread reader([this] { EXPECT_EQ(Next().preamble, 0u); });
    ASSERT_TRUE(Flush().ok());
    reader.join();
  }
  SendReset();
  EXPECT_EQ(Next().preamble, 0u);
}

TEST_F(ChannelTest, AGuestWritesNoPreambleOfItsOwn) {
  Make(Role::kGuest);
  Take(kPing);
  EXPECT_EQ(Next().preamble, 0u);
}

TEST_F(ChannelTest, PingsAreAnsweredWithTheirBytes) {
  Make(Role::kGuest);
  Take(Raw('I', "RRRR", "RRRR", "abcdefgh"));
  const RawFrame pong = Next();
  EXPECT_EQ(pong.type, 'J');
  EXPECT_EQ(pong.guest + pong.host, "RRRRRRRR");
  EXPECT_EQ(pong.payload, "abcdefgh");
}

TEST_F(ChannelTest, PingsOfOtherSizesAreNot) {
  Make(Role::kGuest);
  Take(Raw('I', "RRRR", "RRRR", "1234567") + Raw('I', "RRRR", "RRRR") +
       Raw('I', "RRRR", "RRRR", "123456789"));
  SendReset();
  EXPECT_EQ(Next().type, 'H');
}

TEST_F(ChannelTest, FramesOfUnknownSessionsAreAnsweredWithTheirTokens) {
  for (const char type : {'B', 'C', 'D', 'E', 'F', 'I'}) {
    Make(Role::kGuest);
    Take(Raw(type, "old1", "old2", "123456789"));
    const RawFrame reset = Next();
    EXPECT_EQ(reset.type, 'H') << type;
    EXPECT_EQ(reset.guest, "old1");
    EXPECT_EQ(reset.host, "old2");
    EXPECT_EQ(reset.payload, "\x09");
    EXPECT_EQ(channel_->stale_frames(), 1u);
  }
}

TEST_F(ChannelTest, AtMostOnceASecond) {
  const Deadline limit = Late();
  Deadline second = Deadline::Never();
  do {  // Again, should it take that long itself.
    Make(Role::kGuest);
    second = Deadline::After(absl::Seconds(1));
    Take(kStale + kStale + kStale);
    EXPECT_EQ(Next().type, 'H');
    Take(kStale + kPing);
  } while (second.passed() && !limit.passed());
  EXPECT_EQ(Next().type, 'J');
  EXPECT_EQ(channel_->stale_frames(), 4u);
  EXPECT_EQ(channel_->counters().read.dropped_answers.value(), 3u);
}

TEST_F(ChannelTest, ResetsAndPongsAreNeverAnswered) {
  Make(Role::kGuest);
  Take(Raw('H', "old1", "old2", "\x09") + Raw('J', "RRRR", "RRRR", "12345678") +
       Raw('J', "old1", "old2") + Raw('A', "old1", "????"));
  SendReset();
  EXPECT_EQ(Next().guest, "gggg");
}

TEST_F(ChannelTest, APeerThatOnlyAsksAndNeverReadsFillsNothing) {
  Make(Role::kHost, true, /*send_buffer=*/1);
  for (int i = 0; i < 2000; ++i) {
    Send(i % 2 == 0 ? kPing : kStale);
    const auto frame = channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_);
    ASSERT_TRUE(frame.ok()) << frame.status();
    if (frame->has_value()) channel_->AnswerStray(**frame);
  }
  std::thread reader([this] { EXPECT_EQ(Next().type, 'J'); });
  ASSERT_TRUE(Flush().ok());
  reader.join();
}

// As when PING and SYN come together: the SYNACK is in front.
TEST_F(ChannelTest, AnAnswerGoesRightBehindTheFrameThatWasQueuedFirst) {
  Make(Role::kGuest);
  channel_->answers().OwePong("12345678");
  ASSERT_TRUE(channel_->Queue(kReset, "").ok());
  OneTurn();
  EXPECT_EQ(Next().type, 'H');
  EXPECT_EQ(Next().payload, "12345678");
}

TEST_F(ChannelTest, AwaitIsEndedByARingAnotherDescriptorAndCancel) {
  Make(Role::kHost);
  wakeup_->Ring();
  auto frame = channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_);
  ASSERT_TRUE(frame.ok());
  EXPECT_FALSE(frame->has_value());
  FdPair other = ConnectedPair();
  other.theirs.Reset();
  pollfd also = {other.ours.get(), 0, 0};
  frame = channel_->Await(Any, &also, kRetry, Late(), *wakeup_);
  ASSERT_TRUE(frame.ok());
  EXPECT_NE(also.revents, 0);
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(
      channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_).status()));
}

TEST_F(ChannelTest, AwaitEndsAtItsDeadlineAndWhenTheFarEndLeaves) {
  Make(Role::kHost);
  const Deadline soon = Deadline::After(absl::Milliseconds(10));
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      channel_->Await(Any, nullptr, kRetry, soon, *wakeup_).status()));
  theirs_.Reset();
  EXPECT_TRUE(absl::IsUnavailable(
      channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_).status()));
}

TEST_F(ChannelTest, AwaitEndsAtItsDeadlineHoweverMuchThePeerTalks) {
  Make(Role::kHost);
  std::string talk;
  while (talk.size() < 16 * FrameReader::kIdleRead) talk += kStale;
  Send(talk);
  const Deadline past = Deadline::After(absl::ZeroDuration());
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      channel_->Await(None, nullptr, kRetry, past, *wakeup_).status()));
  EXPECT_LE(channel_->reader().skipped(), 2 * FrameReader::kIdleRead);
}

TEST_F(ChannelTest, RestartForgetsTornFramesAndSyns) {
  Make(Role::kHost);
  Take(kPing + Raw('A', "gggg", "????", kBlock));
  ASSERT_TRUE(channel_->pending_syn().has_value());
  EXPECT_EQ(Next().type, 'J');
  Send(kStale.substr(0, 15));
  OneTurn();
  channel_->Restart();
  EXPECT_FALSE(channel_->pending_syn().has_value());
  Take(kPing);  // Whose first bytes the torn frame lacks.
  EXPECT_EQ(Next().type, 'J');
  EXPECT_EQ(channel_->stale_frames(), 0u);
}

TEST_F(ChannelTest, RestartForgetsWhatIsOwedAndWhatIsPending) {
  Make(Role::kGuest);
  channel_->answers().OwePong("12345678");
  ASSERT_TRUE(channel_->Queue(kReset, "").ok());
  channel_->Restart();
  EXPECT_FALSE(channel_->answers().any());
  EXPECT_FALSE(channel_->writer().pending());
}

TEST_F(ChannelTest, NoiseIsHeardAndIsNoFrame) {
  Make(Role::kHost);
  EXPECT_FALSE(channel_->heard());
  Send("no frame at all");
  OneTurn();
  EXPECT_TRUE(channel_->heard());
  EXPECT_FALSE(channel_->last_frame().has_value());
}

TEST_F(ChannelTest, FramesOutOfSessionAreCounted) {
  Make(Role::kHost);
  Take(kPing + kStale);
  EXPECT_EQ(channel_->counters().read.idle_frames.value(), 3u);  // The marker.
}

TEST(RetryIntervalsTest, TheFiguresAreTheSpecs) {
  const RetryIntervals retry;
  EXPECT_EQ(retry.in_session, absl::Seconds(1));
  EXPECT_EQ(retry.idle, absl::Seconds(5));
}

TEST_F(ChannelTest, BytesThatAWakeupToldOfAreNoRecovery) {
  Make(Role::kHost);
  Take(kStale + kPing);
  EXPECT_EQ(channel_->counters().read.recoveries.value(), 0u);
}

TEST_F(ChannelTest, AFloodOfSynsIsOneOfFewerFrames) {
  constexpr int kAtOnce = FloodGate::kBurst / FloodGate::kSynCost;
  constexpr int kPiece = 100;
  std::string syns;
  for (int i = 0; i < kPiece; ++i) syns += Raw('A', "gggg", "????");
  Make(Role::kHost);
  const Clock::time_point begun = Clock::now();
  absl::Status status;
  int taken = 0;
  while (status.ok() && taken < 2 * kAtOnce) {
    if (taken % kPiece == 0) Send(syns);
    status = channel_->Await(Any, nullptr, kRetry, Late(), *wakeup_).status();
    if (status.ok()) ++taken;
  }
  EXPECT_GE(taken, kAtOnce);
  // And those that time allows, by a clock that ticks now and then.
  const auto took = Clock::now() - begun + std::chrono::seconds(2);
  EXPECT_LE(taken, kAtOnce + took / std::chrono::seconds(1) *
                                 FloodGate::kPerSecond / FloodGate::kSynCost);
}

}  // namespace
}  // namespace vios
