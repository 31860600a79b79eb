// SPDX-License-Identifier: Apache-2.0
#include "proxy/relay_state.h"

#include <sys/socket.h>

#include <memory>
#include <utility>

#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/reset_reason.h"
#include "channel/session_end.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"
#include "proxy/relay_limits.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

const SessionEnd kLost = {SessionEnd::Kind::kChannelLost, ResetReason::kNone,
                          "lost"};

// A session between a channel and a prepared leg, without pumps.
class RelayStateTest : public ::testing::Test {
 protected:
  RelayStateTest() { EXPECT_TRUE(PrepareLeg(tcp_.ours.get()).ok()); }

  // What a close of the leg does.
  bool WouldReset() const { return ResetsAtClose(tcp_.ours.get()); }

  FdPair link_ = ConnectedPair();
  FdPair tcp_ = ConnectedTcpPair();
  Cancel cancel_;
  const std::unique_ptr<Wakeup> reader_ = *Wakeup::Create(cancel_);
  const std::unique_ptr<Wakeup> writer_ = *Wakeup::Create(cancel_);
  Channel channel_{std::move(link_.ours), Role::kHost, true};
  RelayState state_{channel_,        {RandomToken(), RandomToken(), true, ""},
                    tcp_.ours.get(), RelayLimits(),
                    *reader_,        *writer_};
};

TEST_F(RelayStateTest, AnEndWakesBothPumps) {
  state_.End(ResetBecause(ResetReason::kIdleTimeout, ""));
  EXPECT_NE(ReadyNow(reader_->fd(), POLLIN), 0);
  EXPECT_NE(ReadyNow(writer_->fd(), POLLIN), 0);
}

TEST_F(RelayStateTest, ALostChannelResetsTheLeg) {
  state_.End(kLost);
  EXPECT_TRUE(WasReset(tcp_.theirs.get()));
}

TEST_F(RelayStateTest, OneEndOfFileDoesNotMakeItWhole) {
  state_.FinWritten();
  EXPECT_TRUE(WouldReset());
  state_.End(kLost);
  EXPECT_TRUE(WasReset(tcp_.theirs.get()));
}

TEST_F(RelayStateTest, NorDoesTheOther) {
  state_.EofPassedOn();
  EXPECT_TRUE(WouldReset());
  state_.End(kLost);
  EXPECT_TRUE(WasReset(tcp_.theirs.get()));
}

// Also where the daemon is killed before the session has ended.
TEST_F(RelayStateTest, BehindBothEndsOfFileNothingIsReset) {
  state_.FinWritten();
  state_.EofPassedOn();
  EXPECT_FALSE(WouldReset());
  state_.End(kLost);
  tcp_.ours.Reset();
  EXPECT_TRUE(AtEndOfFile(tcp_.theirs.get()));
}

TEST_F(RelayStateTest, InWhicheverOrderTheyCome) {
  state_.EofPassedOn();
  state_.FinWritten();
  EXPECT_FALSE(WouldReset());
  state_.End(kLost);
  tcp_.ours.Reset();
  EXPECT_TRUE(AtEndOfFile(tcp_.theirs.get()));
}

TEST_F(RelayStateTest, AnAcknowledgedFinHasBeenWritten) {
  state_.EofPassedOn();
  state_.session().SetFinAckReceived();
  state_.End(kLost);
  tcp_.ours.Reset();
  EXPECT_TRUE(AtEndOfFile(tcp_.theirs.get()));
}

// The leg stays open for as long as its owner likes.
TEST_F(RelayStateTest, ABasePeersEndIsToldAtOnce) {
  state_.End({SessionEnd::Kind::kBasePeer, ResetReason::kNone, ""});
  EXPECT_TRUE(AtEndOfFile(tcp_.theirs.get()));
}

}  // namespace
}  // namespace vios
