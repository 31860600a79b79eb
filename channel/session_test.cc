// SPDX-License-Identifier: Apache-2.0
#include "channel/session.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

const SessionId kId = {{0x61616161}, {0x62626262}, true, ""};

TEST(SessionTest, EachRoleHasItsToken) {
  const Session guest(kId, Role::kGuest), host(kId, Role::kHost);
  EXPECT_EQ(guest.own_token(), kId.guest);
  EXPECT_EQ(guest.peer_token(), kId.host);
  EXPECT_EQ(host.own_token(), kId.host);
  EXPECT_EQ(host.peer_token(), kId.guest);
}

TEST(SessionTest, TheFirstEndIsRight) {
  Session session(kId, Role::kGuest);
  EXPECT_FALSE(session.ended());
  EXPECT_TRUE(session.End(ResetBecause(ResetReason::kIdleTimeout, "x")));
  EXPECT_FALSE(session.End({SessionEnd::Kind::kChannelLost}));
  EXPECT_TRUE(session.ended());
  EXPECT_EQ(session.end().reason, ResetReason::kIdleTimeout);
}

TEST(SessionTest, OneThatNobodyEndedWasClean) {
  EXPECT_EQ(Session(kId, Role::kHost).end().kind, SessionEnd::Kind::kClean);
}

TEST(SessionTest, IsCompleteAfterAllFourSteps) {
  Session session(kId, Role::kGuest);
  session.SetFinQueued();
  session.SetFinAckReceived();
  session.SetFinReceived();
  EXPECT_FALSE(session.complete());
  session.SetFinAckWritten();
  EXPECT_TRUE(session.complete());
  EXPECT_FALSE(session.half_closed());
}

TEST(SessionTest, IsHalfClosedOnceADirectionEndedForBoth) {
  Session sender(kId, Role::kGuest);
  sender.SetFinQueued();
  EXPECT_FALSE(sender.half_closed());
  sender.SetFinAckReceived();
  EXPECT_TRUE(sender.half_closed());
  Session receiver(kId, Role::kHost);
  receiver.SetFinReceived();
  EXPECT_FALSE(receiver.half_closed());
  receiver.SetFinAckWritten();
  EXPECT_TRUE(receiver.half_closed());
}

TEST(SessionTest, EachStepRestartsTheClocks) {
  Session session(kId, Role::kGuest);
  const auto before = session.touched();
  while (RoughNow() == before) {
  }
  session.SetFinQueued();
  EXPECT_GT(session.touched(), before);
}

}  // namespace
}  // namespace vios
