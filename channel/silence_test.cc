// SPDX-License-Identifier: Apache-2.0
#include "channel/silence.h"

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using std::chrono::seconds;

SilenceLimits WithoutJitter() {
  SilenceLimits limits;
  limits.jitter = 0;
  return limits;
}

constexpr Silence::Signs kNothing = {false, std::nullopt, false};

Silence::Signs FrameAt(Clock::time_point when, bool options) {
  return {true, when, options};
}

// How long it takes until the next act, in seconds, and the clock then.
int64_t Advance(Silence& silence, Clock::time_point& now,
                const Silence::Signs& signs, Silence::Act act) {
  const Clock::time_point before = now;
  EXPECT_FALSE(silence.next().never());
  EXPECT_EQ(silence.Check(silence.next().when() - Clock::duration(1), signs),
            Silence::Act::kWait);
  now = silence.next().when();
  EXPECT_EQ(silence.Check(now, signs), act);
  return std::chrono::duration_cast<seconds>(now - before).count();
}

TEST(SilenceTest, NeverHeardIsMadeAgainEverMoreRarely) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  std::vector<int64_t> waits;
  for (int i = 0; i < 7; ++i) {
    silence.Connected(now);
    waits.push_back(Advance(silence, now, kNothing, Silence::Act::kQueueUp));
    silence.TurnAt(now);
    EXPECT_EQ(silence.Check(now, kNothing), Silence::Act::kReconnect);
  }
  EXPECT_EQ(waits, (std::vector<int64_t>{30, 60, 120, 240, 480, 600, 600}));
}

// As when QEMU comes and goes before its guest has said anything.
TEST(SilenceTest, ConnectionsThatEndOtherwiseMakeItNoRarer) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  for (int i = 0; i < 6; ++i) silence.Connected(now);
  EXPECT_EQ(Advance(silence, now, kNothing, Silence::Act::kQueueUp), 30);
}

TEST(SilenceTest, PeerWithOptionsIsAskedAndThenDoubted) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  const Silence::Signs signs = FrameAt(now, true);
  silence.Check(now, signs);
  EXPECT_EQ(Advance(silence, now, signs, Silence::Act::kAsk), 60);
  EXPECT_EQ(Advance(silence, now, signs, Silence::Act::kQueueUp), 30);
  silence.TurnAt(now + seconds(1));
  EXPECT_EQ(Advance(silence, now, signs, Silence::Act::kReconnect), 1);
}

TEST(SilenceTest, AnswerIsEnoughForAnotherWhile) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  silence.Check(now, FrameAt(now, true));
  Advance(silence, now, FrameAt(now, true), Silence::Act::kAsk);
  const Silence::Signs answer = FrameAt(now + seconds(2), true);
  now += seconds(2);
  EXPECT_EQ(silence.Check(now, answer), Silence::Act::kWait);
  EXPECT_EQ(Advance(silence, now, answer, Silence::Act::kAsk), 60);
}

TEST(SilenceTest, WordThatComesWhileItQueuesIsInTime) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  Advance(silence, now, kNothing, Silence::Act::kQueueUp);
  silence.TurnAt(now + seconds(3));
  now += seconds(3);
  EXPECT_EQ(silence.Check(now, FrameAt(now, true)), Silence::Act::kWait);
}

TEST(SilenceTest, BasePeerThatSpokeIsLeftAlone) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  const Silence::Signs noise = {true, std::nullopt, false};
  EXPECT_EQ(silence.Check(now, noise), Silence::Act::kWait);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Advance(silence, now, noise, Silence::Act::kWait), 60);
  }
}

TEST(SilenceTest, PeerWithOptionsAfterABasePeerIsAsked) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  silence.Check(now, FrameAt(now, false));
  Advance(silence, now, FrameAt(now, true), Silence::Act::kWait);
  Advance(silence, now, FrameAt(now, true), Silence::Act::kAsk);
}

TEST(SilenceTest, WordFromThePeerMakesPatienceShortAgain) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  Advance(silence, now, kNothing, Silence::Act::kQueueUp);
  silence.Connected(now);
  silence.Check(now, FrameAt(now, true));
  silence.Connected(now);
  EXPECT_EQ(Advance(silence, now, kNothing, Silence::Act::kQueueUp), 30);
}

// It was there once: to make the connection is no more in vain than at first.
TEST(SilenceTest, ADoubtedPeersNextConnectionHasTheShortestPatience) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  const Silence::Signs signs = FrameAt(now, true);
  silence.Check(now, signs);
  Advance(silence, now, signs, Silence::Act::kAsk);
  Advance(silence, now, signs, Silence::Act::kQueueUp);
  silence.TurnAt(now);
  EXPECT_EQ(silence.Check(now, signs), Silence::Act::kReconnect);
  silence.Connected(now);
  EXPECT_EQ(Advance(silence, now, kNothing, Silence::Act::kQueueUp), 30);
}

TEST(SilenceTest, AConnectionInVainMakesOnlyTheNextOneRarer) {
  Silence silence(WithoutJitter());
  Clock::time_point now = Clock::now();
  silence.Connected(now);
  Advance(silence, now, kNothing, Silence::Act::kQueueUp);
  silence.TurnAt(now);
  EXPECT_EQ(silence.Check(now, kNothing), Silence::Act::kReconnect);
  silence.Connected(now);
  silence.Connected(now);  // The one before ended otherwise.
  EXPECT_EQ(Advance(silence, now, kNothing, Silence::Act::kQueueUp), 30);
}

TEST(SilenceTest, TheTimeToAskCountsFromTheFrameNotFromTheLook) {
  Silence silence(WithoutJitter());
  const Clock::time_point begin = Clock::now();
  silence.Connected(begin);
  silence.Check(begin + seconds(20), FrameAt(begin, true));
  EXPECT_EQ(silence.next().when(), begin + seconds(60));
}

TEST(SilenceTest, TheFiguresAreTheProtocols) {
  const SilenceLimits limits;
  EXPECT_EQ(limits.first, absl::Seconds(30));
  EXPECT_EQ(limits.most, absl::Minutes(10));
  EXPECT_EQ(limits.jitter, 0.25);
  EXPECT_EQ(limits.ask_after, absl::Seconds(60));
  EXPECT_EQ(limits.answer_within, absl::Seconds(30));
  EXPECT_EQ(limits.away, absl::Milliseconds(200));
}

TEST(SilenceTest, WaitsVaryByAQuarter) {
  bool differs = false;
  const Clock::time_point now = Clock::now();
  for (int i = 0; i < 100; ++i) {
    Silence silence{SilenceLimits()};
    silence.Connected(now);
    const auto wait = silence.next().when() - now;
    EXPECT_GE(wait, std::chrono::milliseconds(22500));
    EXPECT_LE(wait, std::chrono::milliseconds(37500));
    differs = differs || wait != seconds(30);
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace vios
