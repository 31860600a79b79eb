// SPDX-License-Identifier: Apache-2.0
// The guest's side of protocol rules that show before a session stands.
#include <sys/socket.h>

#include <future>
#include <string>
#include <variant>

#include "channel/fd_pair.h"
#include "channel/handshake.h"
#include "channel/probe.h"
#include "gtest/gtest.h"
#include "testing/expect_idle.h"
#include "testing/handshake_fixture.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

class GuestHandshakeTest : public HandshakeTest {
 protected:
  void Open(bool options_enabled = true,
            absl::Duration timeout = absl::Seconds(10)) {
    Make(Role::kGuest, options_enabled);
    Start(timeout);
    syn_ = peer().ExpectFrame('A');
  }
  void Start(absl::Duration timeout = absl::Seconds(10)) {
    result_ = OneChannel::Beside([this, timeout] {
      return OpenSession(one_->channel, RandomToken(), "claim",
                         client_.ours.get(), Deadline::After(timeout),
                         *one_->wakeup);
    });
  }

  // The guest leaves, and says why.
  void ExpectToldBecause(ResetReason reason) {
    const RawFrame reset = peer().ExpectFrame('H');
    EXPECT_EQ(reset.guest, syn_.guest);
    EXPECT_EQ(reset.host, "????");
    EXPECT_EQ(reset.payload, std::string(1, static_cast<char>(reason)));
  }
  void SendSynAck(absl::string_view payload = RawBlock()) {
    peer().SendFrame('C', syn_.guest, "host", payload);
  }
  // The guest's ACK waits for company; this sends it.
  void ExpectAck() {
    ASSERT_TRUE(channel().writer().TryFlush(channel().fd()).ok());
    const RawFrame ack = peer().ExpectFrame('B');
    EXPECT_EQ(ack.guest, syn_.guest);
    EXPECT_EQ(ack.host, "host");
    EXPECT_EQ(ack.payload, "");
  }

  FdPair client_ = ConnectedPair();
  RawFrame syn_;
};

TEST_F(GuestHandshakeTest, AsksWithAFreshTokenAndABlock) {
  Open();
  EXPECT_EQ(syn_.host, "????");
  EXPECT_EQ(syn_.payload.substr(0, 5), RawBlock());
  EXPECT_NE(syn_.payload.find("\x02\x10vios-proxy 1.0.0"), std::string::npos);
  EXPECT_NE(syn_.payload.find("\x03\x05"
                              "claim"),
            std::string::npos);
  SendSynAck(RawBlock() + "\x02\x04peer");
  const SessionId id = Established();
  EXPECT_EQ(ToString(id.guest), syn_.guest);
  EXPECT_EQ(ToString(id.host), "host");
  EXPECT_TRUE(id.options);
  EXPECT_EQ(id.peer_agent, "peer");
  ExpectAck();
}

TEST_F(GuestHandshakeTest, ASynAckWithoutAUsableBlockMakesABaseSession) {
  for (const std::string& block :
       {std::string(), std::string("O1"), std::string("O1\x01\x01\x00", 5),
        RawBlock() + "x", std::string("\x01 text")}) {
    Open();
    SendSynAck(block);
    EXPECT_FALSE(Established().options) << block;
    EXPECT_FALSE(channel().peer_has_options());
    ExpectAck();
  }
}

TEST_F(GuestHandshakeTest, ABlockThatIsNoneIsToldOfOneThatIsMissingIsNot) {
  Open();
  SendSynAck("\x01 text");
  EXPECT_TRUE(Established().block_malformed);
  ExpectAck();
  Open();
  SendSynAck("");
  EXPECT_FALSE(Established().block_malformed);
}

TEST_F(GuestHandshakeTest, AHigherOptionVersionIsSpokenToInOurs) {
  Open();
  SendSynAck("O1\x01\x01\x02");
  EXPECT_TRUE(Established().options);
}

TEST_F(GuestHandshakeTest, WithoutOptionsOfOursItAsksForABaseSession) {
  Open(/*options_enabled=*/false);
  EXPECT_EQ(syn_.payload, "");
  peer().SendOutOfSession('I', "12345678");
  SendSynAck();
  EXPECT_FALSE(Established().options);
  ExpectAck();  // And no PONG in front of it.
}

TEST_F(GuestHandshakeTest, HuntsForTheAnswerThroughNoiseAndIntoPayloads) {
  for (const std::string& before :
       {std::string("HTTP/1.1 200 OK\r\n"), std::string(65549, 'V'),
        Raw('D', "old1", "old2", "stale"), std::string("VS1D"),
        // The header of a torn frame; what it lacks would swallow the answer.
        Raw('D', "old1", "old2", std::string(60000, 'x')).substr(0, 1014),
        Raw('D', "old1", "old2", Raw('D', "old1", "old2", "x")).substr(0, 20),
        Raw('A', "gues", "????") + Raw('B', "gues", "host") +
            Raw('E', "gues", "host", "1234") +
            Raw('F', "gues", "host", "1234") +
            Raw('I', "gues", "host", "1234")}) {
    Open();
    peer().SendRaw(before);
    SendSynAck();
    EXPECT_EQ(ToString(Established().host), "host") << before.substr(0, 50);
    ExpectAck();
  }
}

TEST_F(GuestHandshakeTest, FramesOfOtherSessionsAreNoAnswer) {
  Open();
  peer().SendFrame('C', "othr", "host", RawBlock());
  peer().SendFrame('H', "othr", "host", "\x01");
  peer().SendFrame('H', "othr", "????");
  peer().SendFrame('H', "RRRR", "RRRR", "\x09");  // Not empty: not 0.2's.
  SendSynAck();
  Established();
  ExpectAck();
}

TEST_F(GuestHandshakeTest, ASynAckThatNamesNoSessionIsNone) {
  Open();
  peer().SendFrame('C', syn_.guest, "????", RawBlock());
  peer().SendFrame('C', syn_.guest, "RRRR", RawBlock());
  SendSynAck();
  EXPECT_EQ(ToString(Established().host), "host");
}

TEST_F(GuestHandshakeTest, AResetWithItsTokenEndsItWithoutAWord) {
  for (const std::string& host : {std::string("????"), std::string("host")}) {
    Open();
    peer().SendFrame('H', syn_.guest, host,
                     "\x01"
                     "dial\nfailed");
    const SessionEnd end = Failed();
    EXPECT_EQ(end.kind, Kind::kPeerReset);
    EXPECT_EQ(end.reason, ResetReason::kServiceRefused);
    EXPECT_EQ(end.detail, "dial\\x0afailed");
    EXPECT_TRUE(end.leaves_channel_free());
    EXPECT_FALSE(channel().writer().pending());
    Start();
    EXPECT_NE(peer().ExpectFrame('A').guest, syn_.guest);
    one_->cancel.Fire();
    Failed();
  }
}

TEST_F(GuestHandshakeTest, AnEmptyResetOfNoSessionIsARefusalAndItSaysSo) {
  Open();
  peer().SendOutOfSession('H');
  const SessionEnd end = Failed();
  EXPECT_EQ(end.kind, Kind::kPeerReset);
  EXPECT_EQ(end.reason, ResetReason::kServiceRefused);
  ExpectToldBecause(ResetReason::kServiceRefused);
}

TEST_F(GuestHandshakeTest, GivesUpAtItsDeadlineAndSaysSo) {
  Open(true, absl::Milliseconds(50));
  EXPECT_EQ(Failed().reason, ResetReason::kTimedOut);
  ExpectToldBecause(ResetReason::kTimedOut);
}

TEST_F(GuestHandshakeTest, GivesUpAtItsDeadlineUnderAFloodOfPings) {
  std::string flood;
  const std::string noise(20000, 'x');  // Fewer frames than are a flood.
  while (flood.size() < 50000) {
    flood += Raw('I', "RRRR", "RRRR", "12345678") + noise;
  }
  int pongs = 0;
  // Again, should the machine stand still until the time is over.
  for (int tries = 0; tries < 5 && pongs == 0; ++tries) {
    Make(Role::kGuest, true);
    peer().Flood(flood);  // It is there when the time begins.
    Start(absl::Milliseconds(300));
    syn_ = peer().ExpectFrame('A');
    auto reader = OneChannel::Beside([this, &pongs] {
      while (true) {
        const auto frame = ReadRawFrame(peer().fd()).value_or(RawFrame{});
        if (frame.type != 'J') return frame.type;
        ++pongs;
      }
    });
    FloodUntil(result_, flood);
    EXPECT_EQ(Failed().reason, ResetReason::kTimedOut);
    ASSERT_TRUE(channel().writer().TryFlush(channel().fd()).ok());
    EXPECT_EQ(reader.get(), 'H');
  }
  EXPECT_GT(pongs, 0) << "the time was over before the flood was read";
}

TEST_F(GuestHandshakeTest, BehindItsDeadlineItReadsNothingMore) {
  const std::string noise(20000, 'x');
  Make(Role::kGuest, true);
  peer().SendRaw(noise);
  Start(absl::ZeroDuration());
  EXPECT_EQ(Failed().reason, ResetReason::kTimedOut);
  EXPECT_EQ(Unread(), noise.size());
}

TEST_F(GuestHandshakeTest, GivesUpWithItsClientAndSaysSo) {
  Open();
  client_.theirs.Reset();
  EXPECT_EQ(Failed().reason, ResetReason::kGivenUpByClient);
  ExpectToldBecause(ResetReason::kGivenUpByClient);
}

TEST_F(GuestHandshakeTest, AClientsEndOfFileIsNoHangUp) {
  client_ = ConnectedTcpPair();
  ASSERT_TRUE(WriteAll(client_.theirs.get(), "request"));
  ASSERT_EQ(::shutdown(client_.theirs.get(), SHUT_WR), 0);
  Open();
  SendSynAck();
  Established();
}

TEST_F(GuestHandshakeTest, AClientThatSentItsRequestAndLeftIsServedAtNoCost) {
  ASSERT_TRUE(WriteAll(client_.theirs.get(), "request"));
  client_.theirs.Reset();
  Open(true, absl::Minutes(1));
  testing::ExpectIdle();
  SendSynAck();
  Established();
}

TEST_F(GuestHandshakeTest, GivesUpWhenItIsStoppedAndSaysSo) {
  Open();
  one_->cancel.Fire();
  EXPECT_EQ(Failed().reason, ResetReason::kShuttingDown);
  ExpectToldBecause(ResetReason::kShuttingDown);
}

TEST_F(GuestHandshakeTest, ARingIsNoReasonToGiveUp) {
  Open();
  one_->wakeup->Ring();
  SendSynAck();
  Established();
}

TEST_F(GuestHandshakeTest, AHostThatLeavesIsALostChannel) {
  Open();
  peer().HangUp();
  EXPECT_EQ(Failed().kind, Kind::kChannelLost);
}

TEST_F(GuestHandshakeTest, PingIsAnsweredAndChangesNothing) {
  Open();
  peer().SendOutOfSession('I', "abcdefgh");
  EXPECT_EQ(peer().ExpectFrame('J').payload, "abcdefgh");
  peer().SendOutOfSession('J', "12345678");
  EXPECT_TRUE(channel().peer_has_options());
  SendSynAck();
  EXPECT_TRUE(Established().options);
}

// As in a session: what the wire carries can be read in the log.
TEST_F(GuestHandshakeTest, AllThatARefusalMaySayIsKept) {
  Open();
  const std::string text(255, 't');
  peer().SendFrame('H', syn_.guest, "????", "\x01" + text);
  EXPECT_EQ(Failed().detail, text);
}

TEST_F(GuestHandshakeTest, WhatWasOwedForAnOldSessionIsForgotten) {
  one_ = std::make_unique<OneChannel>(Role::kGuest);
  channel().answers().OweUnknownSession({0x6f6c6431}, {0x6f6c6432});
  Start();
  syn_ = peer().ExpectFrame('A');
  peer().ExpectSilenceUntilPong();
  peer().ExpectSilenceUntilPong();
  SendSynAck();
  Established();
}

TEST_F(GuestHandshakeTest, DataBehindTheAnswerIsLeftForTheSession) {
  Open();
  peer().SendRaw(Raw('C', syn_.guest, "host", RawBlock()) +
                 Raw('D', syn_.guest, "host", "early"));
  Established();
  Frame frame;
  EXPECT_EQ(channel().reader().Read(&frame), FrameReader::Next::kFrame);
  EXPECT_EQ(frame.header.type, FrameType::kData);
}

// Who is told that the channel is lost may use it on, who is told why may not.
TEST_F(GuestHandshakeTest, AFloodCostsTheChannel) {
  Open();
  std::string flood;
  while (flood.size() < 100000) flood += Raw('I', "RRRR", "RRRR", "12345678");
  FloodUntil(result_, flood);
  const SessionEnd end = Failed();
  EXPECT_EQ(end.kind, SessionEnd::Kind::kChannelLost);
  EXPECT_EQ(end.reason, ResetReason::kProtocolError);
}

class ProbeTest : public ::testing::Test {
 protected:
  void Start(absl::Duration interval) {
    status_ = OneChannel::Beside([this, interval] {
      return Probe(one_.channel, interval, *one_.wakeup);
    });
  }
  OneChannel one_{Role::kGuest};
  std::future<absl::Status> status_;
};

TEST_F(ProbeTest, EndsWithItsOwnPongAndHasReadAllBefore) {
  Start(absl::Seconds(10));
  const RawFrame ping = one_.peer.ExpectFrame('I');
  EXPECT_EQ(ping.guest + ping.host, "RRRRRRRR");
  EXPECT_EQ(ping.payload.size(), 8u);
  one_.peer.SendFrame('D', "old1", "old2", "stale");
  one_.peer.SendOutOfSession('J', "no nonce");
  EXPECT_EQ(one_.peer.ExpectFrame('H').payload, "\x09");
  one_.peer.SendOutOfSession('J', ping.payload);
  EXPECT_TRUE(status_.get().ok());
  EXPECT_EQ(one_.channel.stale_frames(), 1u);
}

// Half a header and the next frame make the header of one that never comes.
TEST_F(ProbeTest, FindsItsPongBehindAHeaderThatIsNone) {
  Start(absl::Milliseconds(50));
  const RawFrame ping = one_.peer.ExpectFrame('I');
  one_.peer.SendRaw("VS1Dabcd");
  one_.peer.SendOutOfSession('J', ping.payload);
  EXPECT_TRUE(status_.get().ok());
}

TEST_F(ProbeTest, AsksAgain) {
  Start(absl::Milliseconds(10));
  const RawFrame first = one_.peer.ExpectFrame('I');
  // A host that is inside a frame whose rest was lost swallows nothing else.
  const RawFrame second = one_.peer.ExpectFrameBehindPreamble('I');
  EXPECT_EQ(first.payload, second.payload);
  one_.peer.SendOutOfSession('J', first.payload);
  EXPECT_TRUE(status_.get().ok());
}

// As behind a migration to a host that speaks no options.
TEST_F(ProbeTest, EndsWhenAHostThatReadsNeverAnswers) {
  Start(absl::Milliseconds(1));
  one_.peer.ExpectFrame('I');
  for (int i = 1; i < 60; ++i) one_.peer.ExpectFrameBehindPreamble('I');
  EXPECT_TRUE(absl::IsDeadlineExceeded(status_.get()));
}

// It may be busy with what was before, and answer then.
TEST_F(ProbeTest, GoesOnWhileTheHostReadsNothing) {
  Start(absl::Milliseconds(1));
  EXPECT_EQ(status_.wait_for(std::chrono::milliseconds(500)),
            std::future_status::timeout);
  const RawFrame ping = one_.peer.ExpectFrame('I');
  one_.peer.SendOutOfSession('J', ping.payload);
  EXPECT_TRUE(status_.get().ok());
}

TEST_F(ProbeTest, EndsWithTheChannelAndWhenItIsStopped) {
  Start(absl::Seconds(10));
  one_.peer.ExpectFrame('I');
  one_.wakeup->Ring();
  one_.cancel.Fire();
  EXPECT_TRUE(absl::IsCancelled(status_.get()));
  OneChannel other(Role::kGuest);
  other.peer.HangUp();
  EXPECT_TRUE(absl::IsUnavailable(
      Probe(other.channel, absl::Seconds(10), *other.wakeup)));
}

}  // namespace
}  // namespace vios
