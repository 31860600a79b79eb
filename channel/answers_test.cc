// SPDX-License-Identifier: Apache-2.0
#include "channel/answers.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "channel/deadline.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr Token kOne = {0x31313131};
constexpr Token kTwo = {0x32323232};

TEST(AnswersTest, NothingIsOwedAtFirstNorOnceTaken) {
  Answers answers;
  EXPECT_FALSE(answers.any());
  answers.OwePong("12345678");
  EXPECT_TRUE(answers.any());
  EXPECT_EQ(answers.Take().pong, "12345678");
  EXPECT_FALSE(answers.any());
  EXPECT_FALSE(answers.Take().pong.has_value());
}

TEST(AnswersTest, TheLatestPingCounts) {
  Answers answers;
  answers.OwePong("11111111");
  answers.OwePong("22222222");
  EXPECT_EQ(answers.Take().pong, "22222222");
}

TEST(AnswersTest, UnknownSessionsAreToldOnceASecond) {
  Answers answers;
  const Clock::time_point begin = Clock::now();
  EXPECT_TRUE(answers.OweUnknownSession(kOne, kTwo));
  EXPECT_EQ(answers.Take().unknown,
            (FrameHeader{FrameType::kReset, kOne, kTwo}));
  const Deadline limit = Deadline::After(absl::Seconds(20));
  while (!answers.OweUnknownSession(kTwo, kOne) && !limit.passed()) {
    ASSERT_FALSE(answers.any());
    std::this_thread::yield();
  }
  EXPECT_GE(Clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(answers.Take().unknown,
            (FrameHeader{FrameType::kReset, kTwo, kOne}));
}

TEST(AnswersTest, AnUnknownSessionIsToldASecondLaterAndNotMuchLater) {
  Clock::duration shortest = Clock::duration::max();
  // Again, should the machine stand still meanwhile.
  for (int i = 0; i < 5 && shortest > std::chrono::milliseconds(1500); ++i) {
    Answers answers;
    const Clock::time_point begin = Clock::now();
    const Deadline limit = Deadline::After(absl::Seconds(5));
    answers.OweUnknownSession(kOne, kTwo);
    while (!answers.OweUnknownSession(kOne, kTwo) && !limit.passed()) {
      std::this_thread::yield();
    }
    shortest = std::min(shortest, Clock::now() - begin);
  }
  EXPECT_LE(shortest, std::chrono::milliseconds(1500));
}

TEST(AnswersTest, ClearedNothingIsOwed) {
  Answers answers;
  answers.OwePong("11111111");
  answers.OweUnknownSession(kOne, kTwo);
  answers.Clear();
  EXPECT_FALSE(answers.any());
  EXPECT_FALSE(answers.Take().pong.has_value());
}

// A new session makes the old ones the peer's affair; its PING stays a
// question.
TEST(AnswersTest, ANewSessionForgetsTheUnknownOnesOnly) {
  Answers answers;
  answers.OweUnknownSession(kOne, kTwo);
  answers.ForgetUnknownSession();
  EXPECT_FALSE(answers.any());
  answers.OwePong("11111111");
  answers.ForgetUnknownSession();
  EXPECT_TRUE(answers.any());
  EXPECT_TRUE(answers.Take().pong.has_value());
}

}  // namespace
}  // namespace vios
