// SPDX-License-Identifier: Apache-2.0
#include "proxy/stop_signals.h"

#include <signal.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr absl::Duration kLong = absl::Seconds(10);

class StopSignalsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { TakeSignals(); }
  static void Send(int signal) { ASSERT_EQ(::kill(::getpid(), signal), 0); }
};

TEST_F(StopSignalsTest, NothingIsNoStop) {
  EXPECT_EQ(AwaitSignal(absl::ZeroDuration()), Signal::kNone);
}

TEST_F(StopSignalsTest, TermAndIntStop) {
  Send(SIGTERM);
  EXPECT_EQ(AwaitSignal(kLong), Signal::kStop);
  Send(SIGINT);
  EXPECT_EQ(AwaitSignal(kLong), Signal::kStop);
  EXPECT_EQ(AwaitSignal(absl::ZeroDuration()), Signal::kNone);
}

TEST_F(StopSignalsTest, HangUpAndPipeDoNot) {
  Send(SIGPIPE);
  Send(SIGHUP);
  EXPECT_EQ(AwaitSignal(kLong), Signal::kNone);
}

TEST_F(StopSignalsTest, ALogThatMayNotGrowIsNoReasonToEnd) {
  Send(SIGXFSZ);
  EXPECT_EQ(AwaitSignal(absl::ZeroDuration()), Signal::kNone);
}

TEST_F(StopSignalsTest, Usr1AsksForTheStatus) {
  Send(SIGUSR1);
  EXPECT_EQ(AwaitSignal(kLong), Signal::kStatus);
}

}  // namespace
}  // namespace vios
