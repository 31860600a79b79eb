// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_clocks.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using Due = SessionClocks::Due;

constexpr absl::Duration kSoon = absl::Milliseconds(50);
constexpr absl::Duration kNotAtOnce = absl::Seconds(1);
constexpr SessionClocks::Waiting kNothingWaits = {false, false};

class SessionClocksTest : public ::testing::Test {
 protected:
  SessionClocksTest() {
    limits_.half_close_timeout = limits_.ping_interval = absl::ZeroDuration();
  }
  // Sleeps until something is due, as the pump does; kNothing if never.
  Due Await(SessionClocks& clocks, SessionClocks::Waiting waiting) {
    while (true) {
      const SessionClocks::Event event = clocks.Next(waiting);
      if (event.what != Due::kNothing || event.when.never()) return event.what;
      absl::SleepFor(event.when.remaining());
    }
  }
  // What is due right after `restart`, which starts a clock of kNotAtOnce anew.
  template <typename Restart>
  Due DueAfter(SessionClocks& clocks, Restart restart) {
    while (true) {  // Again, should it take that long itself.
      const Deadline not_yet = Deadline::After(kNotAtOnce);
      restart();
      const Due due = clocks.Next(kNothingWaits).what;
      if (!not_yet.passed()) return due;
    }
  }
  static SessionId Id(bool options) {
    return {RandomToken(), RandomToken(), options, ""};
  }
  void HalfClose() {
    session_.SetFinQueued();
    session_.SetFinAckReceived();
  }

  Session session_{Id(true), Role::kGuest};
  RelayLimits limits_;
};

TEST_F(SessionClocksTest, WithoutLimitsNothingIsEverDue) {
  SessionClocks clocks(session_, limits_);
  HalfClose();
  EXPECT_EQ(Await(clocks, kNothingWaits), Due::kNothing);
}

TEST_F(SessionClocksTest, ASessionThatIsQuietForTheIdleTimeoutEnds) {
  limits_.idle_timeout = kSoon;
  SessionClocks clocks(session_, limits_);
  EXPECT_EQ(Await(clocks, {true, true}), Due::kIdleTimeout);
}

TEST_F(SessionClocksTest, EachByteStartsTheIdleTimeoutAnew) {
  limits_.idle_timeout = kNotAtOnce;
  SessionClocks clocks(session_, limits_);
  ASSERT_EQ(Await(clocks, kNothingWaits), Due::kIdleTimeout);
  EXPECT_EQ(DueAfter(clocks, [this] { session_.Touch(); }), Due::kNothing);
}

TEST_F(SessionClocksTest, TheHalfCloseTimeoutIsForHalfClosedSessionsOnly) {
  limits_.half_close_timeout = kSoon;
  SessionClocks clocks(session_, limits_);
  EXPECT_TRUE(clocks.Next(kNothingWaits).when.never());
  HalfClose();
  EXPECT_EQ(Await(clocks, kNothingWaits), Due::kHalfCloseTimeout);
}

TEST_F(SessionClocksTest, BytesThatWaitForTheChannelAreNoHalfCloseTimeout) {
  limits_.half_close_timeout = kSoon;
  SessionClocks clocks(session_, limits_);
  HalfClose();
  EXPECT_TRUE(clocks.Next({.data = true, .frame = true}).when.never());
}

TEST_F(SessionClocksTest, AnEndThatHasSentNothingOwesAPing) {
  limits_.ping_interval = kNotAtOnce;
  SessionClocks clocks(session_, limits_);
  ASSERT_EQ(Await(clocks, kNothingWaits), Due::kPing);
  EXPECT_EQ(DueAfter(clocks, [&clocks] { clocks.Sent(); }), Due::kNothing);
}

TEST_F(SessionClocksTest, NoPingIsDueBehindAFrameThatWaits) {
  limits_.ping_interval = kSoon;
  SessionClocks clocks(session_, limits_);
  EXPECT_TRUE(clocks.Next({.data = false, .frame = true}).when.never());
}

TEST_F(SessionClocksTest, ABaseSessionHasNoPing) {
  limits_.ping_interval = kSoon;
  const Session base(Id(false), Role::kGuest);
  SessionClocks clocks(base, limits_);
  EXPECT_TRUE(clocks.Next(kNothingWaits).when.never());
}

TEST_F(SessionClocksTest, ATimeoutGoesBeforeAPing) {
  limits_.idle_timeout = limits_.ping_interval = kSoon;
  SessionClocks clocks(session_, limits_);
  ASSERT_EQ(Await(clocks, {.data = false, .frame = true}), Due::kIdleTimeout);
  EXPECT_EQ(clocks.Next(kNothingWaits).what, Due::kIdleTimeout);
}

}  // namespace
}  // namespace vios
