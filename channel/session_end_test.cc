// SPDX-License-Identifier: Apache-2.0
#include "channel/session_end.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

TEST(SessionEndTest, OnlyWholeStreamsCloseCleanly) {
  for (const Kind kind : {Kind::kClean, Kind::kBasePeer}) {
    EXPECT_TRUE(SessionEnd{kind}.closes_cleanly());
  }
  for (const Kind kind :
       {Kind::kBaseClosed, Kind::kReset, Kind::kPeerReset, Kind::kPeerForgot,
        Kind::kPeerReopened, Kind::kChannelLost}) {
    EXPECT_FALSE(SessionEnd{kind}.closes_cleanly());
  }
}

TEST(SessionEndTest, OnlyWhatThePeerCannotKnowIsTold) {
  EXPECT_TRUE(SessionEnd{Kind::kReset}.tells_peer());
  EXPECT_TRUE(SessionEnd{Kind::kBaseClosed}.tells_peer());
  EXPECT_TRUE(SessionEnd{Kind::kPeerReopened}.tells_peer());
  for (const Kind kind : {Kind::kClean, Kind::kBasePeer, Kind::kPeerReset,
                          Kind::kPeerForgot, Kind::kChannelLost}) {
    EXPECT_FALSE(SessionEnd{kind}.tells_peer());
  }
}

TEST(SessionEndTest, AChannelIsFreeAfterACleanEndOrThePeersReset) {
  for (const Kind kind : {Kind::kClean, Kind::kBasePeer, Kind::kPeerReset}) {
    EXPECT_TRUE(SessionEnd{kind}.leaves_channel_free());
  }
  for (const Kind kind : {Kind::kReset, Kind::kBaseClosed, Kind::kPeerForgot,
                          Kind::kPeerReopened, Kind::kChannelLost}) {
    EXPECT_FALSE(SessionEnd{kind}.leaves_channel_free());
  }
}

SessionEnd PeerResetBy(const std::string& payload) {
  return PeerReset(
      {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
}

TEST(SessionEndTest, ThePeersResetKeepsItsReasonAndAllOfItsText) {
  const SessionEnd end = PeerResetBy("\x01" + std::string(255, 't'));
  EXPECT_EQ(end.kind, Kind::kPeerReset);
  EXPECT_EQ(end.reason, ResetReason::kServiceRefused);
  EXPECT_EQ(end.detail, std::string(255, 't'));
  EXPECT_EQ(PeerResetBy("\x02"
                        "a\nb")
                .detail,
            "a\\x0ab");
  EXPECT_EQ(PeerResetBy("").reason, ResetReason::kNone);
  EXPECT_EQ(PeerResetBy("").detail, "");
}

TEST(SessionEndTest, EveryEndIsDescribed) {
  EXPECT_EQ(Describe({}), "clean");
  EXPECT_EQ(Describe(ResetBecause(ResetReason::kIdleTimeout, "")),
            "idle timeout");
  EXPECT_EQ(Describe({Kind::kPeerReset, ResetReason::kServiceRefused, "no"}),
            "reset by the peer: service refused (no)");
  EXPECT_EQ(Describe({Kind::kBaseClosed}), "closed here");
  EXPECT_EQ(Describe({Kind::kBasePeer}), "closed by the peer");
  EXPECT_EQ(Describe({Kind::kPeerForgot, ResetReason::kNone, "PING"}),
            "peer began anew (PING)");
  EXPECT_EQ(Describe({Kind::kPeerReopened, ResetReason::kStreamDamaged, "V"}),
            "peer began anew (V)");
  EXPECT_EQ(Describe({Kind::kChannelLost}), "channel lost");
}

}  // namespace
}  // namespace vios
