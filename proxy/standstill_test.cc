// SPDX-License-Identifier: Apache-2.0
// A daemon that was stopped for a while, as when its container was frozen.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "channel/raw_frame.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"
#include "proxy/pump_thread.h"
#include "proxy/relay.h"

namespace vios {
namespace {

// Long enough to stop the daemon in time, also on a machine that stands still.
constexpr absl::Duration kHalfClose = absl::Seconds(5);

// A relay in a process of its own.
class StandstillTest : public ::testing::Test {
 protected:
  ~StandstillTest() override {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  // A host whose guest has ended its direction.
  void SetUp() override {
    child_ = ::fork();
    if (child_ == 0) Run();
    ASSERT_GT(child_, 0);
    ASSERT_TRUE(WriteAll(link_.theirs.get(),
                         Raw('E', "abcd", "efgh", RawNumber("abcd", 0))));
    ASSERT_EQ(NextType(), 'F');
  }
  // For longer than the half-close clock runs.
  void Stop() { ASSERT_EQ(::kill(child_, SIGSTOP), 0); }
  void StandStillAndGoOn() {
    absl::SleepFor(kHalfClose + absl::Seconds(1));
    ASSERT_EQ(::kill(child_, SIGCONT), 0);
  }
  char NextType() {
    return ReadRawFrame(link_.theirs.get()).value_or(RawFrame{}).type;
  }

  FdPair link_ = ConnectedPair();
  FdPair tcp_ = ConnectedTcpPair();

 private:
  [[noreturn]] void Run() {
    Cancel cancel;
    const std::unique_ptr<Wakeup> wakeup = *Wakeup::Create(cancel);
    const auto pump = *PumpThread::Start("down", cancel);
    Channel channel(std::move(link_.ours), Role::kHost, true);
    RelayLimits limits;
    limits.half_close_timeout = kHalfClose;
    const SessionId id = {{0x61626364}, {0x65666768}, true, ""};
    Relay(channel, id, tcp_.ours.get(), limits, *wakeup, *pump);
    ::_exit(0);
  }

  pid_t child_ = -1;
};

TEST_F(StandstillTest, WhatTheServiceSaidMeanwhileIsNoSilence) {
  Stop();
  ASSERT_TRUE(WriteAll(tcp_.theirs.get(), "x"));
  StandStillAndGoOn();
  EXPECT_EQ(NextType(), 'D');
}

TEST_F(StandstillTest, ASilenceThatGoesOnEndsTheSession) {
  Stop();
  StandStillAndGoOn();
  EXPECT_EQ(NextType(), 'H');
}

}  // namespace
}  // namespace vios
