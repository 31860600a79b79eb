// SPDX-License-Identifier: Apache-2.0
// Both daemons among peers, clients and services that are slow or say nothing
// at all: what that costs, and what ends it. README.md tells the same under
// "What is slow".
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/raw_frame.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/socket_address.h"
#include "testing/daemon_pair.h"
#include "testing/handshake_fixture.h"
#include "testing/process_figures.h"
#include "testing/scripted_peer.h"
#include "testing/traffic/content.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kSoon = absl::Seconds(30);
constexpr absl::Duration kShort = absl::Milliseconds(500);
// Where others have to stay within it, also on a machine that stands still.
constexpr absl::Duration kNotSoShort = absl::Seconds(4);
constexpr char kTimedOut[] = "\x02";

// The end of a channel at `path`, played by hand.
ScriptedPeer Attach(const std::string& path) {
  const auto address = ParseSocketAddress("unix:" + path, 0);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(fd.get(), address->addr(), address->size()), 0) << path;
  EXPECT_TRUE(SetNoProgressTimeout(fd.get(), kSoon).ok());
  return ScriptedPeer(std::move(fd));
}
// In place of the host daemon. Starts the guest daemon, which has said hello
// then, once, and been answered.
ScriptedPeer AttachHost(DaemonPair& daemons) {
  ScriptedPeer host = Attach(daemons.dir() / "hosts/g1/0");
  EXPECT_TRUE(
      Eventually(kSoon, [&] { return daemons.channel(0).host_attached(); }));
  daemons.guest_options().reconnect_interval = kSoon;  // Asks only once.
  daemons.StartGuest();
  const RawFrame hello = host.ExpectFrameBehindPreamble('I');
  host.SendOutOfSession('J', hello.payload);
  return host;
}
// In place of the guest daemon.
ScriptedPeer AttachGuest(DaemonPair& daemons) {
  EXPECT_TRUE(
      Eventually(kSoon, [&] { return daemons.channel(0).host_attached(); }));
  return Attach(daemons.dir() / "ports/qpid.0");
}

// Sends a byte at a time, the rest of a frame that never becomes whole, as long
// as the object lives.
class Trickle {
 public:
  explicit Trickle(ScriptedPeer& peer)
      : thread_([this, &peer] {
          for (int i = 0; i < 60000 && !stop_; ++i) {
            peer.SendRaw("x");
            absl::SleepFor(absl::Milliseconds(20));
          }
        }) {}
  ~Trickle() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// The header of the longest frame.
std::string LongHeader(char type, const std::string& guest,
                       const std::string& host) {
  return Raw(type, guest, host, std::string(65535, 'x')).substr(0, 14);
}

bool ServiceSawReset(const DaemonPair& daemons) {
  return Eventually(kSoon, [&] {
    for (const std::string& line : daemons.ServiceLog()) {
      if (absl::StrContains(line, "outcome=reset")) return true;
    }
    return false;
  });
}

void ExpectTransfersWork(DaemonPair& daemons, int count) {
  for (int i = 0; i < count; ++i) {
    EXPECT_THAT(daemons.Run({.request = "both 2000000 3 3000000 4",
                             .send = {3'000'000, 4},
                             .expect = Content{2'000'000, 3},
                             .expect_report = true}),
                HasSubstr("outcome=clean-eof"));
  }
}

// Behind a SYN that nobody answered: the guest says so, and asks for a sign.
void ExpectGivenUp(ScriptedPeer& host, const std::string& token) {
  const RawFrame reset = host.ExpectFrame('H');
  EXPECT_EQ(reset.guest, token);
  EXPECT_EQ(reset.payload, kTimedOut);
  const RawFrame ping = host.ExpectFrameBehindPreamble('I');
  host.SendOutOfSession('J', ping.payload);
}

TEST(Slowness, AHostThatDoesNotAnswerHoldsAClientForTheConnectTimeout) {
  DaemonPair daemons(1);
  daemons.guest_options().connect_timeout = kShort;
  ScriptedPeer host = AttachHost(daemons);
  for (int i = 0; i < 2; ++i) {
    const UniqueFd client = daemons.Connect("p");
    const RawFrame syn = host.ExpectFrame('A');
    EXPECT_EQ(EndOf(client), "reset");
    ExpectGivenUp(host, syn.guest);
  }
}

TEST(Slowness, AnAnswerThatTricklesInHoldsAClientNoLonger) {
  DaemonPair daemons(1);
  daemons.guest_options().connect_timeout = kShort;
  ScriptedPeer host = AttachHost(daemons);
  const UniqueFd client = daemons.Connect("p");
  const RawFrame syn = host.ExpectFrame('A');
  {
    host.SendRaw(LongHeader('C', syn.guest, "hhhh"));
    const Trickle trickle(host);
    EXPECT_EQ(EndOf(client), "reset");
  }
  ExpectGivenUp(host, syn.guest);
}

// Two hosts of 0.2: nobody answers a PING.
TEST(Slowness, AChannelWithoutAnAnswerIsTheLastToBeUsedForAWhile) {
  DaemonPair daemons(2);
  daemons.guest_options().connect_timeout = kShort;
  daemons.guest_options().reconnect_interval = kSoon;
  std::array<ScriptedPeer, 2> hosts = {Attach(daemons.dir() / "hosts/g1/0"),
                                       Attach(daemons.dir() / "hosts/g1/1")};
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return daemons.channel(0).host_attached() &&
           daemons.channel(1).host_attached();
  }));
  daemons.StartGuest();
  for (ScriptedPeer& host : hosts) host.ExpectFrameBehindPreamble('I');
  size_t failed = 0;
  {
    const UniqueFd client = daemons.Connect("p");
    ASSERT_TRUE(Eventually(kSoon, [&] {
      failed = ReadyNow(hosts[0].fd(), POLLIN) != 0 ? 0 : 1;
      return ReadyNow(hosts[failed].fd(), POLLIN) != 0;
    }));
    hosts[failed].ExpectFrame('A');
    EXPECT_EQ(EndOf(client), "reset");
    hosts[failed].ExpectFrame('H');
  }
  // It stands in line again, as the one that came last.
  constexpr size_t kPreamble = 14 + 65535;
  EXPECT_EQ(ReadExactly(hosts[failed].fd(), kPreamble).size(), kPreamble);
  const UniqueFd client = daemons.Connect("p");
  hosts[1 - failed].ExpectFrame('A');
}

// A session of a guest that is played by hand: one request, one answer.
void ExpectServed(ScriptedPeer& guest, const std::string& token) {
  guest.SendFrame('A', token, "????", RawBlock());
  const RawFrame synack = guest.ExpectFrame('C');
  EXPECT_EQ(synack.guest, token);
  guest.SendFrame('B', token, synack.host);
  guest.SendFrame('D', token, synack.host, "p\n" + RawNumber(token, 0));
  const RawFrame answer = guest.ExpectFrame('D');
  EXPECT_EQ(answer.payload, "." + RawNumber(synack.host, 0));
}

TEST(Slowness, AGuestThatDoesNotAcknowledgeHoldsAWorkerForTheConnectTimeout) {
  DaemonPair daemons(1);
  daemons.host_options().connect_timeout = kNotSoShort;
  daemons.StartHost();
  ScriptedPeer guest = AttachGuest(daemons);
  guest.SendFrame('A', "gggg", "????", RawBlock());
  const RawFrame synack = guest.ExpectFrameBehindPreamble('C');
  const RawFrame reset = guest.ExpectFrame('H');
  EXPECT_EQ(reset.host, synack.host);
  EXPECT_EQ(reset.payload, kTimedOut);
  ExpectServed(guest, "next");
}

TEST(Slowness, AFrameThatTricklesInHoldsAWorkerNoLonger) {
  DaemonPair daemons(1);
  daemons.host_options().connect_timeout = kNotSoShort;
  daemons.StartHost();
  ScriptedPeer guest = AttachGuest(daemons);
  guest.SendFrame('A', "gggg", "????", RawBlock());
  const RawFrame synack = guest.ExpectFrameBehindPreamble('C');
  {
    guest.SendRaw(LongHeader('D', "gggg", synack.host));
    const Trickle trickle(guest);
    EXPECT_EQ(guest.ExpectFrame('H').payload, kTimedOut);
  }
  guest.SendPreamble();  // Makes it whole, and it is of no session any more.
  EXPECT_EQ(guest.ExpectFrame('H').payload, "\x09");
  ExpectServed(guest, "next");
}

// Listens, and has its queue full: the kernel leaves any further SYN without an
// answer.
class FullBacklog {
 public:
  explicit FullBacklog(uint16_t port) {
    auto listener = ListenTcp("127.0.0.1", port);
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    EXPECT_EQ(::listen(listener_.get(), 0), 0);
    auto first = ConnectTcp("127.0.0.1", port, kSoon);
    EXPECT_TRUE(first.ok()) << first.status();
    first_ = *std::move(first);
  }

 private:
  UniqueFd listener_;
  UniqueFd first_;
};

// Whether the host daemon still does something for a guest.
bool HostIsBusy(DaemonPair& daemons) {
  return !daemons.host().WaitDrained(Deadline::After(absl::ZeroDuration()));
}

TEST(Slowness, AServiceThatDoesNotAnswerHoldsAWorkerForTheConnectTimeout) {
  DaemonPair daemons(2);
  daemons.host_options().connect_timeout = kNotSoShort;
  daemons.StopService();
  {
    const FullBacklog backlog(daemons.host_options().service.port());
    daemons.StartAll();
    const UniqueFd one = daemons.Connect("p");
    const UniqueFd other = daemons.Connect("p");
    EXPECT_EQ(EndOf(one), "reset");
    EXPECT_EQ(EndOf(other), "reset");
    EXPECT_TRUE(Eventually(kSoon, [&] { return !HostIsBusy(daemons); }));
  }
  daemons.StartService();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(Slowness, AClientThatLeavesEndsTheDial) {
  DaemonPair daemons(1);
  daemons.StopService();
  {
    const FullBacklog backlog(daemons.host_options().service.port());
    daemons.StartAll();
    UniqueFd client = daemons.Connect("p");
    EXPECT_TRUE(Eventually(kSoon, [&] { return HostIsBusy(daemons); }));
    EXPECT_TRUE(ResetOnClose(client.get()).ok());
    client.Reset();
    EXPECT_TRUE(Eventually(kSoon, [&] { return !HostIsBusy(daemons); }));
  }
  daemons.StartService();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// What its slowness may cost in memory: the kernel's part is not counted.
constexpr size_t kMostBytes = 4'000'000;

TEST(Slowness, AClientThatNeverReadsCostsItsOwnSession) {
  DaemonPair daemons(2);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  ExpectTransfersWork(daemons, 1);
  const size_t resident = ResidentBytes();
  UniqueFd slow = daemons.Connect("source 1000000000 1");
  EXPECT_NE(NextByte(slow), '\0');
  ExpectTransfersWork(daemons, 10);
  if (MemoryCounts()) {
    EXPECT_LT(ResidentBytes(), resident + kMostBytes);
  }
  EXPECT_TRUE(ResetOnClose(slow.get()).ok());
  slow.Reset();
  EXPECT_TRUE(ServiceSawReset(daemons));
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(Slowness, ThePeerTimeoutEndsASessionWithAPausedMachine) {
  for (const bool in_guest : {true, false}) {
    DaemonPair daemons(1);
    if (in_guest) daemons.guest_options().peer_timeout = kNotSoShort;
    if (!in_guest) daemons.host_options().peer_timeout = kNotSoShort;
    daemons.StartAll();
    const UniqueFd client = daemons.Connect("echo");
    EXPECT_TRUE(WriteText(client.get(), "x").ok());
    EXPECT_EQ(NextByte(client), 'x');
    daemons.channel(0).Pause(true);
    EXPECT_TRUE(in_guest ? EndOf(client) == "reset" : ServiceSawReset(daemons))
        << in_guest;
    daemons.channel(0).Pause(false);
    EXPECT_TRUE(daemons.EveryChannelServes()) << in_guest;
  }
}

TEST(Slowness, TheGuestsIdleTimeoutEndsAClientThatNeverReads) {
  DaemonPair daemons(1);
  daemons.guest_options().idle_timeout = kNotSoShort;
  daemons.StartAll();
  const UniqueFd slow = daemons.Connect("source 1000000000 1");
  EXPECT_TRUE(ServiceSawReset(daemons));
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// The channel is free when the client has taken what was under way.
TEST(Slowness, TheHostsIdleTimeoutFreesTheServiceOfAClientThatNeverReads) {
  DaemonPair daemons(1);
  daemons.host_options().idle_timeout = kNotSoShort;
  daemons.StartAll();
  const UniqueFd slow = daemons.Connect("source 1000000000 1");
  EXPECT_TRUE(ServiceSawReset(daemons));
  EXPECT_EQ(EndOf(slow), "reset");
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(Slowness, AServiceThatNeverReadsCostsItsOwnSession) {
  DaemonPair daemons(2);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  ExpectTransfersWork(daemons, 1);
  const size_t resident = ResidentBytes();
  UniqueFd stuck = daemons.Connect("stall", kShort);
  EXPECT_EQ(Outcome(SendContent(stuck.get(), {100'000'000, 1}).status),
            "timeout");
  ExpectTransfersWork(daemons, 10);
  if (MemoryCounts()) {
    EXPECT_LT(ResidentBytes(), resident + kMostBytes);
  }
  // The service is what has to end it: the host hears no more of the client.
  EXPECT_TRUE(ResetOnClose(stuck.get()).ok());
  stuck.Reset();
  daemons.StopService();
  daemons.StartService();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(Slowness, TheHostsIdleTimeoutEndsAServiceThatNeverReads) {
  DaemonPair daemons(1);
  daemons.host_options().idle_timeout = kNotSoShort;
  daemons.StartAll();
  UniqueFd stuck = daemons.Connect("stall", absl::Seconds(20));
  EXPECT_EQ(Outcome(SendContent(stuck.get(), {100'000'000, 1}).status),
            "reset");
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(Slowness, AGuestAtRestAnswersItsHost) {
  DaemonPair daemons(1);
  ScriptedPeer host = AttachHost(daemons);
  host.ExpectSilenceUntilPong();
}

TEST(Slowness, ARefusalLeavesTheChannelFreeAtOnce) {
  DaemonPair daemons(1);
  ScriptedPeer host = AttachHost(daemons);
  const UniqueFd client = daemons.Connect("p");
  const RawFrame syn = host.ExpectFrame('A');
  host.SendFrame('C', syn.guest, "hhhh", RawBlock());
  host.ExpectFrame('B');
  host.ExpectFrame('D');
  host.SendFrame('H', syn.guest, "hhhh", "\x01");
  EXPECT_EQ(EndOf(client), "reset");
  host.ExpectSilenceUntilPong();
}

// A host of 0.2: nobody answers a PING.
TEST(Slowness, AHostThatNeverAnsweredAPingIsNotAskedBehindASilence) {
  DaemonPair daemons(1);
  daemons.guest_options().connect_timeout = kShort;
  ScriptedPeer host = Attach(daemons.dir() / "hosts/g1/0");
  EXPECT_TRUE(
      Eventually(kSoon, [&] { return daemons.channel(0).host_attached(); }));
  daemons.guest_options().reconnect_interval = kSoon;  // Asks only once.
  daemons.StartGuest();
  host.ExpectFrameBehindPreamble('I');
  {
    const UniqueFd client = daemons.Connect("p");
    host.ExpectFrame('A');
    EXPECT_EQ(EndOf(client), "reset");
    host.ExpectFrame('H');
  }
  const UniqueFd client = daemons.Connect("p");
  host.ExpectFrameBehindPreamble('A');
}

}  // namespace
}  // namespace vios::testing
