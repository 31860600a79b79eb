// SPDX-License-Identifier: Apache-2.0
// Sessions with options between our host and a scripted guest: how they end,
// and that the next one is served.
#include <sys/socket.h>

#include <string>

#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "testing/our_side.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

class SessionLifeTest : public testing::Test {
 protected:
  void SetUp() override {
    host_.StartHost();
    peer().SendFrame('A', "gggg", "????", RawBlock());
    token_ = peer().ExpectFrameBehindPreamble('C').host;
    peer().SendFrame('B', "gggg", token_);
  }
  ScriptedPeer& peer() { return host_.peer(); }
  int service() { return host_.tcp.theirs.get(); }
  std::string Numbered(char type, const std::string& body = "") {
    return Raw(type, "gggg", token_, body + RawNumber("gggg", sent_++));
  }
  void ExpectResetBecause(ResetReason reason) {
    const RawFrame reset = peer().ExpectFrame('H');
    EXPECT_EQ(reset.guest + reset.host, "gggg" + token_);
    EXPECT_EQ(reset.payload, std::string(1, static_cast<char>(reason)));
  }
  void ExpectNextIsServed() {
    peer().SendFrame('A', "next", "????", RawBlock());
    ExpectNextWasServed();
  }
  void ExpectNextWasServed() {
    const RawFrame refusal = peer().ExpectFrame('H');
    EXPECT_EQ(refusal.guest + refusal.host, "next????");
    EXPECT_EQ(refusal.payload, "\x05");
  }

  // Damage to who may still be in the session, and not for the log.
  void ExpectReopened() {
    EXPECT_EQ(host_.End().kind, Kind::kPeerReopened);
    EXPECT_EQ(peer().ExpectFrame('J').payload, "12345678");
    ExpectNextIsServed();
  }

  OurSide host_{Role::kHost, true};
  std::string token_;
  uint32_t sent_ = 0;
};

// What a lost ring leaves of a large frame.
TEST_F(SessionLifeTest, APingThatATornFrameSwallowsEndsTheSession) {
  peer().SendRaw(
      Raw('D', "gggg", token_, std::string(30000, 'x')).substr(0, 99));
  ++sent_;
  peer().SendRaw(Numbered('I'));
  ExpectResetBecause(ResetReason::kStreamDamaged);
  EXPECT_EQ(host_.End().kind, Kind::kReset);
  ExpectNextIsServed();
}

TEST_F(SessionLifeTest, ASynBehindTheLastFinAckIsServed) {
  peer().SendRaw(Numbered('D', "x"));
  peer().SendRaw(Numbered('E'));
  EXPECT_EQ(ReadExactly(service(), 1), "x");
  EXPECT_EQ(peer().ExpectFrame('F').payload, RawNumber(token_, 0));
  ASSERT_EQ(::shutdown(service(), SHUT_WR), 0);
  EXPECT_EQ(peer().ExpectFrame('E').payload, RawNumber(token_, 1));
  peer().SendRaw(Numbered('F') + Raw('A', "next", "????", RawBlock()));
  EXPECT_EQ(host_.End().kind, Kind::kClean);
  EXPECT_TRUE(AtEndOfFile(service()));
  ExpectNextWasServed();
}

TEST_F(SessionLifeTest, DataGoesOnTheOtherWayBehindAFin) {
  peer().SendRaw(Numbered('E'));
  EXPECT_TRUE(AtEndOfFile(service()));
  peer().ExpectFrame('F');
  ASSERT_TRUE(WriteAll(service(), "answer"));
  EXPECT_EQ(peer().ExpectFrame('D').payload, "answer" + RawNumber(token_, 1));
}

TEST_F(SessionLifeTest, AHoleResetsTheServiceAndTellsTheGuest) {
  peer().SendRaw(Numbered('D', "good"));
  EXPECT_EQ(ReadExactly(service(), 4), "good");
  ++sent_;
  peer().SendRaw(Numbered('D', "bad"));
  ExpectResetBecause(ResetReason::kStreamDamaged);
  EXPECT_TRUE(WasReset(service()));
  EXPECT_EQ(host_.End().kind, Kind::kReset);
  ExpectNextIsServed();
}

TEST_F(SessionLifeTest, AGuestsResetResetsTheServiceWithoutAnAnswer) {
  peer().SendFrame('H', "gggg", token_, "\x03");
  EXPECT_TRUE(WasReset(service()));
  EXPECT_EQ(host_.End().reason, ResetReason::kConnectionReset);
  ExpectNextIsServed();
}

TEST_F(SessionLifeTest, AServicesResetIsToldTheGuest) {
  ASSERT_TRUE(CloseByReset(host_.tcp.theirs));
  ExpectResetBecause(ResetReason::kConnectionReset);
  host_.End();
  ExpectNextIsServed();
}

TEST_F(SessionLifeTest, ANewGuestsPreambleAndPingEndTheSession) {
  // The guest before died inside a frame.
  peer().SendRaw(
      Raw('D', "gggg", token_, std::string(60000, 'x')).substr(0, 30000));
  peer().SendPreamble();
  peer().SendOutOfSession('I', "12345678");
  ExpectResetBecause(ResetReason::kStreamDamaged);
  EXPECT_TRUE(WasReset(service()));
  ExpectReopened();
}

TEST_F(SessionLifeTest, AGuestThatDiedBetweenFramesBeginsAnewInTheSameWay) {
  peer().SendRaw(Numbered('D', "whole"));
  EXPECT_EQ(ReadExactly(service(), 5), "whole");
  peer().SendPreamble();
  peer().SendOutOfSession('I', "12345678");
  ExpectResetBecause(ResetReason::kStreamDamaged);
  EXPECT_TRUE(WasReset(service()));
  ExpectReopened();
}

TEST_F(SessionLifeTest, ASynEndsTheSessionWithoutAWordAndIsServed) {
  peer().SendFrame('A', "next", "????", RawBlock());
  EXPECT_TRUE(WasReset(service()));
  EXPECT_EQ(host_.End().kind, Kind::kPeerForgot);
  ExpectNextWasServed();
}

TEST_F(SessionLifeTest, PingOfNoSessionEndsItAndIsAnswered) {
  peer().SendOutOfSession('I', "12345678");
  EXPECT_EQ(peer().ExpectFrame('J').payload, "12345678");
  EXPECT_TRUE(WasReset(service()));
  EXPECT_EQ(host_.End().kind, Kind::kPeerForgot);
  ExpectNextIsServed();
}

TEST_F(SessionLifeTest, ProtocolErrorsResetTheService) {
  peer().SendRaw(Numbered('F'));
  ExpectResetBecause(ResetReason::kProtocolError);
  EXPECT_TRUE(WasReset(service()));
}

TEST_F(SessionLifeTest, ALostChannelResetsTheService) {
  peer().SendRaw(Numbered('D', "x"));
  EXPECT_EQ(ReadExactly(service(), 1), "x");
  peer().HangUp();
  EXPECT_TRUE(WasReset(service()));
  EXPECT_EQ(host_.End().kind, Kind::kChannelLost);
}

TEST_F(SessionLifeTest, AfterBothFinsTheServiceIsClosedInOrderWhateverComes) {
  peer().SendRaw(Numbered('E'));
  peer().ExpectFrame('F');
  ASSERT_EQ(::shutdown(service(), SHUT_WR), 0);
  peer().ExpectFrame('E');
  peer().HangUp();  // The last FINACK never comes.
  host_.End();
  EXPECT_TRUE(AtEndOfFile(service()));
}

}  // namespace
}  // namespace vios
