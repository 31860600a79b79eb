// SPDX-License-Identifier: Apache-2.0
// The host's side of protocol rules that show before a session stands.
#include <future>
#include <optional>
#include <string>
#include <variant>

#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "gtest/gtest.h"
#include "testing/handshake_fixture.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

Deadline In(absl::Duration duration) { return Deadline::After(duration); }

class HostHandshakeTest : public HandshakeTest {
 protected:
  void Make(bool options_enabled = true) {
    HandshakeTest::Make(Role::kHost, options_enabled);
  }

  SynRequest Listen() {
    const auto syn = AwaitSyn(channel(), Deadline::Never(), *one_->wakeup);
    EXPECT_TRUE(syn.ok()) << syn.status();
    if (!syn.ok() || !syn->has_value()) return {};
    return **syn;
  }
  // A guest of ours asks; the first answer comes behind a preamble.
  SynRequest TakeSynOf(absl::string_view token,
                       absl::string_view block = RawBlock()) {
    peer().SendFrame('A', token, "????", block);
    return Listen();
  }
  std::future<std::optional<SessionEnd>> WatchDial(const SynRequest& syn) {
    return OneChannel::Beside([this, syn] {
      return WatchGuest(channel(), syn, nullptr, In(absl::Seconds(10)),
                        *one_->wakeup);
    });
  }
  void Accept(const SynRequest& syn,
              absl::Duration timeout = absl::Seconds(10)) {
    result_ = OneChannel::Beside([this, syn, timeout] {
      return AcceptSession(channel(), syn, In(timeout), *one_->wakeup);
    });
  }
  // In SYN_RCVD, for a guest with options.
  void MakeSynReceived(absl::Duration timeout = absl::Seconds(10)) {
    Make();
    Accept(TakeSynOf("gggg"), timeout);
    synack_ = peer().ExpectFrameBehindPreamble('C');
    EXPECT_EQ(synack_.guest, "gggg");
  }
  void ExpectToldBecause(ResetReason reason) {
    const RawFrame reset = peer().ExpectFrame('H');
    EXPECT_EQ(reset.guest, "gggg");
    EXPECT_EQ(reset.host, synack_.host);
    EXPECT_EQ(reset.payload, std::string(1, static_cast<char>(reason)));
  }
  // Back in LISTEN: serves the peer's PING and SYN.
  void ExpectListening() {
    auto syn = OneChannel::Beside([this] { return Listen(); });
    peer().ExpectSilenceUntilPong();
    peer().SendFrame('A', "next", "????");
    EXPECT_EQ(ToString(syn.get().guest), "next");
  }

  RawFrame synack_;
};

TEST_F(HostHandshakeTest, ListeningItSkipsWhatIsNoSyn) {
  Make();
  peer().SendRaw("noise" + Raw('D', "gggg", "hhhh", "x") +
                 Raw('H', "gggg", "hhhh") + Raw('A', "gggg", "hhhh") +
                 Raw('A', "RRRR", "????") + Raw('A', "????", "????"));
  EXPECT_EQ(ToString(TakeSynOf("real").guest), "real");
}

TEST_F(HostHandshakeTest, ListeningItNeverLooksIntoPayloads) {
  Make();
  peer().SendFrame('D', "gggg", "hhhh", Raw('A', "evil", "????"));
  EXPECT_EQ(ToString(TakeSynOf("real").guest), "real");
}

TEST_F(HostHandshakeTest, ListeningItAnswersPingAndUnknownSessions) {
  Make();
  auto syn = OneChannel::Beside([this] { return Listen(); });
  peer().SendOutOfSession('I', "12345678");
  EXPECT_EQ(peer().ExpectFrameBehindPreamble('J').payload, "12345678");
  peer().SendFrame('D', "old1", "old2", "x");
  const RawFrame reset = peer().ExpectFrame('H');
  EXPECT_EQ(reset.guest + reset.host, "old1old2");
  EXPECT_EQ(reset.payload, "\x09");
  peer().SendFrame('A', "gggg", "????");
  EXPECT_EQ(ToString(syn.get().guest), "gggg");
}

TEST_F(HostHandshakeTest, ListeningEndsWithARingTheChannelAndCancel) {
  Make();
  one_->wakeup->Ring();
  const auto rung = AwaitSyn(channel(), Deadline::Never(), *one_->wakeup);
  ASSERT_TRUE(rung.ok());
  EXPECT_FALSE(rung->has_value());
  peer().HangUp();
  EXPECT_TRUE(absl::IsUnavailable(
      AwaitSyn(channel(), Deadline::Never(), *one_->wakeup).status()));
  one_->cancel.Fire();
  EXPECT_TRUE(absl::IsCancelled(
      AwaitSyn(channel(), Deadline::Never(), *one_->wakeup).status()));
}

TEST_F(HostHandshakeTest, ABrokenBlockIsLeftOutAsAWhole) {
  Make();
  const SynRequest broken = TakeSynOf("gggg", RawBlock() + "x");
  EXPECT_FALSE(broken.block.has_value());
  EXPECT_TRUE(broken.block_malformed);
  const SynRequest none = TakeSynOf("gggg", "");
  EXPECT_FALSE(none.block.has_value());
  EXPECT_FALSE(none.block_malformed);
  const SynRequest whole = TakeSynOf("gggg", RawBlock() + "\x03\x02xy");
  EXPECT_EQ(whole.block->client, "xy");
  EXPECT_FALSE(whole.block_malformed);
}

TEST_F(HostHandshakeTest, AcceptsWithATokenOfItsOwnAndABlock) {
  MakeSynReceived();
  EXPECT_EQ(synack_.payload.substr(0, 5), RawBlock());
  EXPECT_NE(synack_.payload.find("vios-proxy"), std::string::npos);
  peer().SendFrame('B', "gggg", synack_.host);
  const SessionId id = Established();
  EXPECT_EQ(ToString(id.guest), "gggg");
  EXPECT_EQ(ToString(id.host), synack_.host);
  EXPECT_TRUE(id.options);
}

TEST_F(HostHandshakeTest, AGuestThatSentNoUsableBlockGetsNone) {
  for (const std::string& block :
       {std::string(), std::string("O1"), std::string("O1\x01\x01\x00", 5),
        RawBlock() + "x"}) {
    Make();
    Accept(TakeSynOf("gggg", block));
    synack_ = peer().ExpectFrame('C');  // And no preamble.
    EXPECT_EQ(synack_.payload, "");
    peer().SendFrame('B', "gggg", synack_.host);
    EXPECT_FALSE(Established().options);
  }
}

TEST_F(HostHandshakeTest, WithoutOptionsOfOursNobodyGetsABlock) {
  Make(/*options_enabled=*/false);
  peer().SendOutOfSession('I', "12345678");
  Accept(TakeSynOf("gggg"));
  synack_ = peer().ExpectFrame('C');
  EXPECT_EQ(synack_.payload, "");
  peer().SendOutOfSession('I', "12345678");  // Skipped, and ends nothing.
  peer().SendFrame('B', "gggg", synack_.host);
  EXPECT_FALSE(Established().options);
}

TEST_F(HostHandshakeTest, AnAckMayCarryWhatItNeedsNot) {
  MakeSynReceived();
  peer().SendRaw(Raw('B', "gggg", synack_.host, "payload") +
                 Raw('D', "gggg", synack_.host, "early"));
  Established();
  Frame frame;
  EXPECT_EQ(channel().reader().Read(&frame), FrameReader::Next::kFrame);
  EXPECT_EQ(frame.header.type, FrameType::kData);
}

TEST_F(HostHandshakeTest, FramesOfOtherSessionsDoNotMatter) {
  MakeSynReceived();
  peer().SendFrame('B', "gggg", "othr");
  peer().SendFrame('D', "othr", synack_.host, "x");
  peer().SendFrame('H', "othr", synack_.host);
  peer().SendFrame('H', "gggg", "othr");
  peer().SendFrame('H', "RRRR", "RRRR");
  peer().SendOutOfSession('J', "12345678");
  peer().SendFrame('B', "gggg", synack_.host);
  Established();
  EXPECT_GE(channel().stale_frames(), 5u);
}

TEST_F(HostHandshakeTest, AnythingButAnAckIsAProtocolError) {
  for (const char type : {'C', 'D', 'E', 'F', 'I', 'J'}) {
    MakeSynReceived();
    peer().SendFrame(type, "gggg", synack_.host, "12345678");
    EXPECT_EQ(Failed().reason, ResetReason::kProtocolError) << type;
    ExpectToldBecause(ResetReason::kProtocolError);
    ExpectListening();
  }
}

TEST_F(HostHandshakeTest, AResetEndsSynReceivedWithoutAWord) {
  for (const bool knows_token : {false, true}) {
    MakeSynReceived();
    peer().SendFrame('H', "gggg", knows_token ? synack_.host : "????",
                     "\x0c"
                     "bye");
    const SessionEnd end = Failed();
    EXPECT_EQ(end.kind, Kind::kPeerReset);
    EXPECT_EQ(end.reason, ResetReason::kGivenUpByClient);
    EXPECT_EQ(end.detail, "bye");
    ExpectListening();
  }
}

TEST_F(HostHandshakeTest, ASynEndsSynReceivedAndComesNext) {
  MakeSynReceived();
  peer().SendFrame('A', "newr", "????", RawBlock());
  EXPECT_EQ(Failed().kind, Kind::kPeerForgot);
  const SynRequest next = Listen();
  EXPECT_EQ(ToString(next.guest), "newr");
  Accept(next);
  EXPECT_EQ(peer().ExpectFrame('C').guest, "newr");
  peer().HangUp();
  Failed();
}

TEST_F(HostHandshakeTest, PingEndsSynReceivedAndIsAnswered) {
  MakeSynReceived();
  peer().SendOutOfSession('I', "12345678");
  EXPECT_EQ(Failed().kind, Kind::kPeerForgot);
  auto syn = OneChannel::Beside([this] { return Listen(); });
  EXPECT_EQ(peer().ExpectFrame('J').payload, "12345678");
  peer().SendFrame('A', "next", "????");
  EXPECT_EQ(ToString(syn.get().guest), "next");
}

TEST_F(HostHandshakeTest, GivesSynReceivedUpAtItsDeadlineAndSaysSo) {
  MakeSynReceived(absl::Milliseconds(50));
  EXPECT_EQ(Failed().reason, ResetReason::kTimedOut);
  ExpectToldBecause(ResetReason::kTimedOut);
}

TEST_F(HostHandshakeTest, GivesSynReceivedUpWhenItIsStoppedAndSaysSo) {
  MakeSynReceived();
  one_->cancel.Fire();
  EXPECT_EQ(Failed().reason, ResetReason::kShuttingDown);
  ExpectToldBecause(ResetReason::kShuttingDown);
}

TEST_F(HostHandshakeTest, AGuestThatLeavesIsALostChannel) {
  MakeSynReceived();
  peer().HangUp();
  EXPECT_EQ(Failed().kind, Kind::kChannelLost);
}

// A guest of 0.2 obeys any RESET once it has its SYNACK.
TEST_F(HostHandshakeTest, ABaseGuestGetsNothingLateBehindItsSynAck) {
  Make();
  peer().SendRaw(Raw('D', "old1", "old2", "x") + Raw('A', "gggg", "????"));
  Accept(Listen());
  synack_ = peer().ExpectFrame('C');
  peer().SendFrame('D', "old1", "old2", "stale");
  peer().SendFrame('B', "gggg", synack_.host);
  Established();
  EXPECT_FALSE(channel().answers().any());
  auto next = OneChannel::Beside([this] { return Listen(); });
  peer().SendOutOfSession('I', "12345678");
  peer().ExpectFrameBehindPreamble('J');
  peer().SendFrame('A', "next", "????");
  next.get();
}

TEST_F(HostHandshakeTest, ADialEndsWithAResetOfItsSyn) {
  Make();
  auto end = WatchDial(TakeSynOf("gggg"));
  peer().SendFrame('H', "othr", "????");
  peer().SendFrame('H', "RRRR", "RRRR");
  peer().SendFrame('D', "old1", "old2", "x");
  peer().SendFrame('B', "gggg", "hhhh");
  peer().SendFrame('H', "gggg", "????", "\x0c");
  EXPECT_EQ(end.get()->kind, Kind::kPeerReset);
  EXPECT_GE(channel().stale_frames(), 4u);
}

TEST_F(HostHandshakeTest, ADialEndsWithASynThatComesNext) {
  Make();
  auto end = WatchDial(TakeSynOf("gggg"));
  peer().SendFrame('A', "newr", "????");
  EXPECT_EQ(end.get()->kind, Kind::kPeerForgot);
  EXPECT_EQ(ToString(Listen().guest), "newr");
}

TEST_F(HostHandshakeTest, ADialEndsWithAPingThatIsAnswered) {
  Make();
  auto end = WatchDial(TakeSynOf("gggg"));
  peer().SendOutOfSession('I', "12345678");
  EXPECT_EQ(end.get()->kind, Kind::kPeerForgot);
  auto syn = OneChannel::Beside([this] { return Listen(); });
  EXPECT_EQ(peer().ExpectFrameBehindPreamble('J').payload, "12345678");
  peer().SendFrame('A', "next", "????");
  syn.get();
}

TEST_F(HostHandshakeTest, ADialEndsInTimeUnderAFloodOfStaleFrames) {
  std::string flood;
  const std::string stale(20000, 'x');  // Fewer frames than are a flood.
  while (flood.size() < 100000) flood += Raw('D', "old1", "old2", stale);
  // Again, should the machine stand still until the time is over.
  for (int tries = 0; tries < 5; ++tries) {
    Make();
    const SynRequest syn = TakeSynOf("gggg");
    peer().Flood(flood);  // It is there when the time begins.
    auto end = OneChannel::Beside([this, syn] {
      return WatchGuest(channel(), syn, nullptr, In(absl::Milliseconds(300)),
                        *one_->wakeup);
    });
    FloodUntil(end, flood);
    EXPECT_EQ(end.get()->reason, ResetReason::kTimedOut);
    if (channel().stale_frames() > 0) return;
  }
  ADD_FAILURE() << "the flood was never read";
}

TEST_F(HostHandshakeTest, BehindItsDeadlineADialReadsNothingMore) {
  Make();
  const SynRequest syn = TakeSynOf("gggg");
  const std::string stale = Raw('D', "old1", "old2", std::string(20000, 'x'));
  peer().SendRaw(stale);
  const auto end = WatchGuest(channel(), syn, nullptr, In(absl::ZeroDuration()),
                              *one_->wakeup);
  EXPECT_EQ(end->reason, ResetReason::kTimedOut);
  EXPECT_EQ(Unread(), stale.size());
}

TEST_F(HostHandshakeTest, AFloodOfFramesCostsTheChannel) {
  Make();
  const SynRequest syn = TakeSynOf("gggg");
  auto end = WatchDial(syn);
  std::string flood;
  while (flood.size() < 100000) flood += Raw('H', "old1", "old2", "");
  FloodUntil(end, flood);
  EXPECT_EQ(end.get()->kind, Kind::kChannelLost);
}

TEST_F(HostHandshakeTest, ADialIsWatchedTogetherWithItsSocket) {
  Make();
  const SynRequest syn = TakeSynOf("gggg");
  const FdPair service = ConnectedPair();
  pollfd dial = {service.ours.get(), POLLOUT, 0};
  EXPECT_FALSE(
      WatchGuest(channel(), syn, &dial, In(absl::Seconds(10)), *one_->wakeup)
          .has_value());
  EXPECT_EQ(dial.revents, POLLOUT);
}

TEST_F(HostHandshakeTest, ARefusalNamesTheGuestsTokenAndTheReason) {
  Make();
  TellPeer(channel(), TakeSynOf("gggg", "").guest, kUnknownToken,
           ResetBecause(ResetReason::kServiceRefused, "for our log"));
  const RawFrame reset = peer().ExpectFrame('H');
  EXPECT_EQ(reset.guest + reset.host, "gggg????");
  EXPECT_EQ(reset.payload, "\x01");
  EXPECT_EQ(ToString(TakeSynOf("next").guest), "next");
}

}  // namespace
}  // namespace vios
