// SPDX-License-Identifier: Apache-2.0
#include "channel/inbound.h"

#include <list>
#include <optional>
#include <string>

#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using What = Inbound::What;
using Kind = SessionEnd::Kind;

// A session as the end of `role` sees it, and frames as its peer sends them.
class InboundTest : public testing::Test {
 protected:
  InboundTest() { Make(Role::kGuest, true); }

  void Make(Role role, bool options, bool options_enabled = true) {
    inbound_.reset();
    channel_.emplace(std::move(ConnectedPair().ours), role, options_enabled);
    session_.emplace(SessionId{{0x67676767}, {0x68686868}, options, ""}, role);
    inbound_.emplace(*channel_, *session_);
    peer_token_ = role == Role::kGuest ? "hhhh" : "gggg";
    sent_ = 0;
  }
  Frame Decoded(const std::string& raw) {
    const std::string& kept = wire_.emplace_back(raw);
    const absl::Span<const uint8_t> bytes(
        reinterpret_cast<const uint8_t*>(kept.data()), kept.size());
    return {*DecodeHeader(bytes), bytes.subspan(kHeaderSize)};
  }
  Inbound::Event OnRaw(const std::string& raw) {
    return inbound_->On(Decoded(raw));
  }
  Inbound::Event On(char type, const std::string& payload = "") {
    return OnRaw(Raw(type, "gggg", "hhhh", payload));
  }
  Inbound::Event OnNumbered(char type, const std::string& body = "") {
    return On(type, body + RawNumber(peer_token_, sent_++));
  }
  static std::string Text(const Inbound::Event& event) {
    return std::string(event.data.begin(), event.data.end());
  }
  static void ExpectReset(const Inbound::Event& event, ResetReason reason) {
    EXPECT_EQ(event.what, What::kEnd);
    EXPECT_EQ(event.end.kind, Kind::kReset);
    EXPECT_EQ(event.end.reason, reason);
    EXPECT_TRUE(event.data.empty());
  }

  std::optional<Channel> channel_;
  std::optional<Session> session_;
  std::optional<Inbound> inbound_;
  std::string peer_token_;
  uint32_t sent_ = 0;
  std::list<std::string> wire_;
};

TEST_F(InboundTest, NumberedDataIsHandedOnWithoutItsNumber) {
  for (const Role role : {Role::kGuest, Role::kHost}) {
    Make(role, true);
    for (const std::string& text :
         {std::string("a"), std::string("VVVV"), std::string(65531, 'x')}) {
      const auto event = OnNumbered('D', text);
      ASSERT_EQ(event.what, What::kData);
      EXPECT_EQ(Text(event), text);
    }
  }
}

TEST_F(InboundTest, EveryFrameButResetCounts) {
  EXPECT_EQ(OnNumbered('I').what, What::kNothing);
  EXPECT_EQ(OnNumbered('D', "x").what, What::kData);
  session_->SetFinQueued();
  EXPECT_EQ(OnNumbered('F').what, What::kFinAck);
  EXPECT_EQ(OnNumbered('E').what, What::kFin);
  session_->SetFinReceived();
  EXPECT_EQ(OnNumbered('I').what, What::kNothing);
}

TEST_F(InboundTest, AHoleARepetitionAndAStrangeNumberAreDamage) {
  OnNumbered('D', "one");
  ++sent_;
  ExpectReset(OnNumbered('D', "three"), ResetReason::kStreamDamaged);
  Make(Role::kGuest, true);
  OnNumbered('D', "one");
  sent_ = 0;
  ExpectReset(OnNumbered('D', "one"), ResetReason::kStreamDamaged);
  Make(Role::kGuest, true);
  ExpectReset(On('D',
                 "text"
                 "gggg"),
              ResetReason::kStreamDamaged);
}

TEST_F(InboundTest, ALostFrameShowsInWhateverComesNext) {
  for (const char type : {'E', 'F', 'I'}) {
    Make(Role::kHost, true);
    session_->SetFinQueued();
    ++sent_;
    ExpectReset(OnNumbered(type), ResetReason::kStreamDamaged);
  }
}

// As damage to who may still be in the session. For the log it is another
// matter, unless too little shows.
TEST_F(InboundTest, AFrameThatAPreambleCompletedIsOfAPeerThatBeganAnew) {
  const std::string whole = Raw('D', "gggg", "hhhh",
                                "0123456789"
                                "hhhh");
  for (size_t torn = kHeaderSize; torn < whole.size(); ++torn) {
    Make(Role::kGuest, true);
    std::string completed = whole;
    for (size_t i = torn; i < whole.size(); ++i) completed[i] = 'V';
    const auto event = OnRaw(completed);
    ASSERT_EQ(event.what, What::kEnd);
    EXPECT_EQ(event.end.reason, ResetReason::kStreamDamaged);
    EXPECT_EQ(event.end.kind, torn + kNumberSize <= whole.size()
                                  ? Kind::kPeerReopened
                                  : Kind::kReset);
  }
}

TEST_F(InboundTest, FramesThatAreTooShortAreDamage) {
  for (size_t size = 0; size <= 4; ++size) {
    Make(Role::kGuest, true);
    ExpectReset(On('D', std::string("hhhh").substr(0, size)),
                ResetReason::kStreamDamaged);
  }
  for (const char type : {'E', 'F', 'I'}) {
    Make(Role::kGuest, true);
    session_->SetFinQueued();
    ExpectReset(On(type, "hhh"), ResetReason::kStreamDamaged);
  }
}

TEST_F(InboundTest, NumbersSkipThePreamble) {
  channel_.emplace(std::move(ConnectedPair().ours), Role::kHost, true);
  session_.emplace(SessionId{{0x56565655}, {0x68686868}, true, ""},
                   Role::kHost);
  inbound_.emplace(*channel_, *session_);
  EXPECT_EQ(OnRaw(Raw('D', "VVVU", "hhhh", "aVVVU")).what, What::kData);
  EXPECT_EQ(OnRaw(Raw('D', "VVVU", "hhhh", "bVVVW")).what, What::kData);
}

TEST_F(InboundTest, DataAndFinBehindFinAreProtocolErrors) {
  for (const char type : {'D', 'E'}) {
    Make(Role::kHost, true);
    EXPECT_EQ(OnNumbered('E').what, What::kFin);
    session_->SetFinReceived();
    ExpectReset(OnNumbered(type, type == 'D' ? "x" : ""),
                ResetReason::kProtocolError);
  }
}

TEST_F(InboundTest, FinAckWithoutFinOrTwiceIsAProtocolError) {
  ExpectReset(OnNumbered('F'), ResetReason::kProtocolError);
  Make(Role::kGuest, true);
  session_->SetFinQueued();
  EXPECT_EQ(OnNumbered('F').what, What::kFinAck);
  session_->SetFinAckReceived();
  ExpectReset(OnNumbered('F'), ResetReason::kProtocolError);
}

TEST_F(InboundTest, HandshakeFramesOfTheSessionAreProtocolErrors) {
  for (const char type : {'A', 'B', 'C'}) {
    for (const bool options : {false, true}) {
      Make(Role::kHost, options);
      ExpectReset(On(type), ResetReason::kProtocolError);
    }
  }
}

TEST_F(InboundTest, AResetWithOptionsIsNeverACleanEnd) {
  for (const std::string& payload : {std::string(),
                                     std::string("\x03"
                                                 "line\n"),
                                     std::string(300, 'x')}) {
    Make(Role::kGuest, true);
    const auto event = On('H', payload);
    EXPECT_EQ(event.what, What::kEnd);
    EXPECT_EQ(event.end.kind, Kind::kPeerReset);
    EXPECT_FALSE(event.end.closes_cleanly());
  }
  Make(Role::kGuest, true);
  const auto event = On('H',
                        "\x03"
                        "line\n");
  EXPECT_EQ(event.end.reason, ResetReason::kConnectionReset);
  EXPECT_EQ(event.end.detail, "line\\x0a");
}

TEST_F(InboundTest, InABaseSessionAnEmptyResetIsTheOrdinaryEnd) {
  Make(Role::kHost, false);
  const auto event = On('H');
  EXPECT_EQ(event.what, What::kEnd);
  EXPECT_EQ(event.end.kind, Kind::kBasePeer);
  EXPECT_TRUE(event.end.closes_cleanly());
}

TEST_F(InboundTest, InABaseSessionAResetWithAReasonIsAnAbort) {
  Make(Role::kHost, false);
  const auto event = On('H', "\x09");
  EXPECT_EQ(event.end.kind, Kind::kPeerReset);
  EXPECT_EQ(event.end.reason, ResetReason::kUnknownSession);
  EXPECT_FALSE(event.end.closes_cleanly());
}

TEST_F(InboundTest, BaseDataIsHandedOnWholeAndEmptyDataIgnored) {
  Make(Role::kGuest, false);
  EXPECT_EQ(Text(On('D', "x")), "x");
  EXPECT_EQ(On('D').what, What::kNothing);
  EXPECT_EQ(Text(On('D', std::string(65535, 'y'))), std::string(65535, 'y'));
}

TEST_F(InboundTest, InABaseSessionOptionFramesAreSkipped) {
  Make(Role::kGuest, false);
  for (const char type : {'E', 'F', 'I', 'J'}) {
    EXPECT_EQ(On(type, "1234").what, What::kNothing) << type;
  }
  EXPECT_EQ(Text(On('D', "still there")), "still there");
}

TEST_F(InboundTest, ForeignFramesAreCountedAndNeverHandedOn) {
  for (const Role role : {Role::kGuest, Role::kHost}) {
    Make(role, true);
    for (const char type : {'B', 'C', 'D', 'E', 'F', 'H', 'I', 'J'}) {
      EXPECT_EQ(OnRaw(Raw(type, "gggg", "old2", "1234567")).what,
                What::kNothing);
      EXPECT_EQ(OnRaw(Raw(type, "old1", "hhhh", "1234567")).what,
                What::kNothing);
    }
    EXPECT_EQ(OnRaw(Raw('H', "RRRR", "RRRR")).what, What::kNothing);
    EXPECT_EQ(channel_->stale_frames(), 17u);
    EXPECT_FALSE(channel_->answers().any());
    EXPECT_EQ(OnNumbered('D', "x").what, What::kData);
  }
}

TEST_F(InboundTest, ASynEndsTheHostsSessionAndComesNext) {
  for (const bool options : {false, true}) {
    Make(Role::kHost, options);
    const auto event = OnRaw(Raw('A', "newr", "????"));
    EXPECT_EQ(event.what, What::kEnd);
    EXPECT_EQ(event.end.kind, Kind::kPeerForgot);
    EXPECT_FALSE(event.end.tells_peer());
    ASSERT_TRUE(channel_->pending_syn().has_value());
    EXPECT_EQ(ToString(channel_->pending_syn()->guest), "newr");
  }
}

TEST_F(InboundTest, ASynMeansNothingToAGuest) {
  EXPECT_EQ(OnRaw(Raw('A', "newr", "????")).what, What::kNothing);
  EXPECT_FALSE(channel_->pending_syn().has_value());
}

TEST_F(InboundTest, PingOfNoSessionEndsTheSessionAndIsAnswered) {
  for (const Role role : {Role::kGuest, Role::kHost}) {
    for (const bool options : {false, true}) {
      Make(role, options);
      const auto event = OnRaw(Raw('I', "RRRR", "RRRR", "12345678"));
      EXPECT_EQ(event.what, What::kEnd);
      EXPECT_EQ(event.end.kind, Kind::kPeerForgot);
      EXPECT_FALSE(event.end.closes_cleanly());
      EXPECT_EQ(channel_->answers().Take().pong, "12345678");
    }
  }
}

TEST_F(InboundTest, WithoutOptionsOfOursThatPingIsSkipped) {
  Make(Role::kHost, false, /*options_enabled=*/false);
  EXPECT_EQ(OnRaw(Raw('I', "RRRR", "RRRR", "12345678")).what, What::kNothing);
  EXPECT_FALSE(channel_->answers().any());
  EXPECT_FALSE(channel_->peer_has_options());
}

TEST_F(InboundTest, InABaseSessionAndBehindItAPingShowsThePeersOptions) {
  const std::string ping = Raw('I', "RRRR", "RRRR", "12345678");
  Make(Role::kHost, false);
  OnRaw(ping);
  EXPECT_TRUE(channel_->peer_has_options());
  Make(Role::kHost, false);
  EXPECT_FALSE(channel_->peer_has_options());
  inbound_->AfterEnd(Decoded(ping));
  EXPECT_TRUE(channel_->peer_has_options());
}

TEST_F(InboundTest, WhatIsLeftOfASessionThatEndedIsNotAnswered) {
  inbound_->AfterEnd(Decoded(Raw('D', "gggg", "hhhh", "left over")));
  EXPECT_FALSE(channel_->answers().any());
  EXPECT_EQ(channel_->stale_frames(), 0u);
  inbound_->AfterEnd(Decoded(Raw('D', "gggg", "old2", "older")));
  EXPECT_TRUE(channel_->answers().any());
  EXPECT_EQ(channel_->stale_frames(), 1u);
}

TEST_F(InboundTest, BytesThatAreNoFrameEndTheSession) {
  EXPECT_EQ(inbound_->OutOfStep().reason, ResetReason::kStreamDamaged);
  Make(Role::kGuest, false);
  EXPECT_EQ(inbound_->OutOfStep().reason, ResetReason::kProtocolError);
  EXPECT_EQ(inbound_->OutOfStep().kind, Kind::kReset);
}

}  // namespace
}  // namespace vios
