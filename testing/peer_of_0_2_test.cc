// SPDX-License-Identifier: Apache-2.0
// What 0.2 was seen to do, a test for each habit, and what ours makes of it.
#include <future>
#include <string>
#include <thread>

#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "gtest/gtest.h"
#include "testing/our_side.h"

namespace vios {
namespace {

using Kind = SessionEnd::Kind;

// A base session of our host with a guest of 0.2; returns the host's token.
std::string BaseSession(OurSide& host) {
  host.peer().SendRaw(std::string(32768, 'V') + Raw('A', "old!", "????"));
  const RawFrame synack = host.peer().ExpectFrame('C');
  EXPECT_EQ(synack.payload, "");
  host.peer().SendFrame('B', "old!", synack.host);
  return synack.host;
}

TEST(PeerOf02Test, AGuestsRunsOfVOfAnyLengthAreSkipped) {
  for (const size_t run : {0, 1, 2, 14, 32768, 65549}) {
    OurSide host(Role::kHost, true);
    host.StartHost();
    host.peer().SendRaw(std::string(run, 'V') + Raw('A', "old!", "????"));
    EXPECT_EQ(host.peer().ExpectFrame('C').guest, "old!") << run;
  }
}

TEST(PeerOf02Test, AGuestThatWasRestartedInASessionIsServed) {
  OurSide host(Role::kHost, true);
  host.StartHost();
  BaseSession(host);
  host.peer().SendRaw(std::string(32768, 'V') + Raw('A', "next", "????"));
  const RawFrame reset = host.peer().ExpectFrame('H');
  EXPECT_EQ(reset.guest, "old!");
  EXPECT_EQ(reset.payload, "\x06");
  EXPECT_EQ(host.peer().ExpectFrame('H').guest, "next");
}

TEST(PeerOf02Test, AHostThatRefusesIsGivenUpAndTold) {
  OurSide guest(Role::kGuest, true);
  guest.StartGuest();
  guest.peer().ExpectFrameBehindPreamble('I');
  const RawFrame syn = guest.peer().ExpectFrame('A');
  guest.peer().SendOutOfSession('H');
  const RawFrame reset = guest.peer().ExpectFrame('H');
  EXPECT_EQ(reset.guest + reset.host, syn.guest + "????");
  EXPECT_EQ(guest.End().reason, ResetReason::kServiceRefused);
}

TEST(PeerOf02Test, AHostThatADeadGuestLeftMeetsAPingItDoesNotKnow) {
  OurSide guest(Role::kGuest, true);
  guest.StartGuest();
  const std::string greeting =
      std::string(65549, 'V') + "VS1IRRRRRRRR" + std::string("\0\x08", 2);
  EXPECT_TRUE(ReadExactly(guest.peer().fd(), greeting.size()) == greeting);
  EXPECT_EQ(ReadExactly(guest.peer().fd(), 8).size(), 8u);
}

TEST(PeerOf02Test, AServiceThatClosedFirstEndsOnlyWithTheClient) {
  OurSide guest(Role::kGuest, true);
  guest.StartGuest();
  guest.peer().ExpectFrameBehindPreamble('I');
  const RawFrame syn = guest.peer().ExpectFrame('A');
  guest.peer().SendRaw(Raw('C', syn.guest, "hhhh") +
                       Raw('D', syn.guest, "hhhh", "bye"));
  guest.peer().ExpectFrame('B');
  EXPECT_EQ(ReadExactly(guest.tcp.theirs.get(), 3), "bye");
  guest.tcp.theirs.Reset();
  EXPECT_EQ(guest.peer().ExpectFrame('H').payload, "");
  EXPECT_EQ(guest.End().kind, Kind::kBaseClosed);
}

TEST(PeerOf02Test, OurHostSaysThatTheServiceClosedFirst) {
  OurSide host(Role::kHost, true);
  host.StartHost();
  const std::string token = BaseSession(host);
  ASSERT_TRUE(WriteAll(host.tcp.theirs.get(), "bye"));
  host.tcp.theirs.Reset();
  EXPECT_EQ(host.peer().ExpectFrame('D').payload, "bye");
  EXPECT_EQ(host.peer().ExpectFrame('H').payload, "");
  EXPECT_EQ(host.End().kind, Kind::kBaseClosed);
  host.peer().SendFrame('H', "old!", token);  // Crossed it; no answer.
  host.peer().SendFrame('A', "next", "????");
  EXPECT_EQ(host.peer().ExpectFrame('H').guest, "next");
}

// 0.2 hung when it had filled the channel.
TEST(PeerOf02Test, OurHostTakesUploadsWhileTheChannelIsFull) {
  OurSide host(Role::kHost, true);
  host.StartHost();
  const std::string token = BaseSession(host);
  const std::string download(12 << 20, 'd');
  std::thread service([&] { WriteAll(host.tcp.theirs.get(), download); });
  const Deadline late = Deadline::After(absl::Seconds(10));
  while (ReadyNow(host.one.channel.fd(), POLLOUT) != 0 && !late.passed()) {
    std::this_thread::yield();
  }
  host.peer().SendFrame('D', "old!", token, "up");
  EXPECT_EQ(ReadExactly(host.tcp.theirs.get(), 2), "up");
  size_t got = 0;
  while (got < download.size()) {
    const RawFrame frame = host.peer().ExpectFrame('D');
    if (frame.type != 'D') break;
    got += frame.payload.size();
  }
  EXPECT_EQ(got, download.size());
  service.join();
}

TEST(PeerOf02Test, AGuestGetsNoPreambleNoPingAndNoLateFrame) {
  OurSide host(Role::kHost, true);
  host.StartHost(false, {.ping_interval = absl::Nanoseconds(1)});
  host.peer().SendRaw(Raw('D', "old1", "old2", "x") + Raw('A', "old!", "????"));
  const RawFrame synack = host.peer().ExpectFrame('C');
  host.peer().SendFrame('B', "old!", synack.host);
  host.peer().SendFrame('D', "old1", "old2", "stale");
  host.peer().SendFrame('D', "old!", synack.host);  // Empty: ignored.
  for (const char* text : {"one", "two", "three"}) {
    host.peer().SendFrame('D', "old!", synack.host, text);
    const size_t size = std::string(text).size();
    EXPECT_EQ(ReadExactly(host.tcp.theirs.get(), size), text);
    ASSERT_TRUE(WriteAll(host.tcp.theirs.get(), text));
    EXPECT_EQ(host.peer().ExpectFrame('D').payload, text);
  }
}

TEST(PeerOf02Test, TokensAreShownInWireOrder) {
  OurSide host(Role::kHost, true);
  host.peer().SendFrame('A', "abcd", "????");
  const auto syn =
      AwaitSyn(host.one.channel, Deadline::Never(), *host.one.wakeup);
  ASSERT_TRUE(syn.ok() && syn->has_value());
  EXPECT_EQ(ToString((**syn).guest), "abcd");
}

}  // namespace
}  // namespace vios
