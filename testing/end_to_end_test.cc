// SPDX-License-Identifier: Apache-2.0
// Both daemons in one process: what clients and services see of them.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/frame.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/channel_status.h"
#include "proxy/daemon_status.h"
#include "proxy/guest_proxy.h"
#include "proxy/listener.h"
#include "proxy/service_address.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "proxy/termination.h"
#include "testing/daemon_pair.h"
#include "testing/expect_idle.h"
#include "testing/fake_qemu.h"
#include "testing/process_figures.h"
#include "testing/traffic/content.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::Duration kSoon = absl::Seconds(10);

Deadline Within(absl::Duration duration) { return Deadline::After(duration); }

// A client that occupies a channel until it is closed.
UniqueFd Occupy(DaemonPair& daemons) {
  UniqueFd client = daemons.Connect("echo");
  EXPECT_TRUE(WriteText(client.get(), "x").ok());
  EXPECT_EQ(NextByte(client), 'x');
  return client;
}

void EndInGoodOrder(const UniqueFd& client) {
  EXPECT_TRUE(ShutdownWrite(client.get()).ok());
  EXPECT_EQ(EndOf(client), "clean-eof");
}

// The requests that the service has begun with, in order.
std::vector<std::string> Served(const DaemonPair& daemons,
                                absl::string_view verb) {
  std::vector<std::string> served;
  for (const std::string& line : daemons.ServiceLog()) {
    const size_t at = line.find(absl::StrCat(" ", verb, " "));
    if (absl::StartsWith(line, "begin ") && at != std::string::npos) {
      served.push_back(line.substr(at + 1));
    }
  }
  return served;
}

bool ServiceSaw(const DaemonPair& daemons, const std::string& outcome) {
  return Eventually(kSoon, [&] {
    for (const std::string& line : daemons.ServiceLog()) {
      if (absl::StrContains(line, "outcome=" + outcome)) return true;
    }
    return false;
  });
}

TEST(EndToEnd, ManyClientsShareFewChannels) {
  DaemonPair daemons(3);
  daemons.StartAll();
  std::vector<std::thread> clients;
  for (uint64_t i = 0; i < 30; ++i) {
    clients.emplace_back([&daemons, i] {
      const Content content = {50'000 + 7919 * i, i};
      EXPECT_THAT(
          daemons.Run({.request = "echo", .send = content, .expect = content}),
          HasSubstr("outcome=clean-eof"));
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST(EndToEnd, LongStreamsBothWaysArriveWhole) {
  DaemonPair daemons(1);
  daemons.StartAll();
  EXPECT_THAT(daemons.Run({.request = "both 20000000 3 30000000 4",
                           .send = {30'000'000, 4},
                           .expect = Content{20'000'000, 3},
                           .expect_report = true}),
              HasSubstr("outcome=clean-eof"));
}

TEST(EndToEnd, TinyBuffersLoseNothing) {
  DaemonPair daemons(1, 7);
  daemons.StartAll();
  EXPECT_THAT(daemons.Run({.request = "both 200000 3 200000 4",
                           .send = {200'000, 4},
                           .expect = Content{200'000, 3},
                           .expect_report = true}),
              HasSubstr("outcome=clean-eof"));
}

TEST(EndToEnd, APausedGuestLosesNothing) {
  constexpr uint64_t kSize = 30'000'000;
  DaemonPair daemons(1);
  daemons.StartAll();
  uint64_t before = 0;
  const auto moved = [&] {
    return daemons.guest().Status().metrics.all.down_bytes - before;
  };
  bool in_time = false;
  // A busy machine may be done before the thread that pauses has its turn.
  for (int tries = 0; tries < 20 && !in_time; ++tries) {
    before += moved();
    in_time = true;
    std::thread pauses([&] {
      const Deadline limit = Within(absl::Seconds(30));
      for (uint64_t i = 1; i <= 3; ++i) {
        while (moved() < i * kSize / 8 && !limit.passed()) {
          absl::SleepFor(absl::Milliseconds(1));
        }
        daemons.channel(0).Pause(true);
        EXPECT_GE(moved(), i * kSize / 8);
        in_time = in_time && moved() < kSize;
        absl::SleepFor(absl::Milliseconds(100));
        daemons.channel(0).Pause(false);
      }
    });
    EXPECT_THAT(daemons.Run({.request = "both 30000000 3 30000000 4",
                             .send = {kSize, 4},
                             .expect = Content{kSize, 3},
                             .expect_report = true}),
                HasSubstr("outcome=clean-eof"));
    pauses.join();
  }
  EXPECT_TRUE(in_time) << "it was over each time";
}

TEST(EndToEnd, AnAnswerComesBehindTheClientsEndOfFile) {
  DaemonPair daemons(1);
  daemons.StartAll();
  EXPECT_THAT(daemons.Run({.request = "source-after-eof 10000000 5",
                           .expect = Content{10'000'000, 5}}),
              HasSubstr("outcome=clean-eof"));
  EXPECT_THAT(daemons.Run({.request = "close-first banner",
                           .send_after_eof = {5'000'000, 6},
                           .expect = Content{},
                           .expect_tail = "banner",
                           .half_close = false}),
              HasSubstr("outcome=clean-eof"));
}

TEST(EndToEnd, WaitingClientsAreServedInOrder) {
  DaemonPair daemons(1);
  daemons.StartAll();
  const UniqueFd first = Occupy(daemons);
  std::vector<UniqueFd> waiting;
  for (int i = 1; i <= 4; ++i) {
    waiting.push_back(daemons.Connect(absl::StrCat("p ", i)));
  }
  EndInGoodOrder(first);
  for (const UniqueFd& client : waiting) {
    EXPECT_EQ(NextByte(client), '.');
    EndInGoodOrder(client);
  }
  EXPECT_THAT(Served(daemons, "p"), ElementsAre("p 1", "p 2", "p 3", "p 4"));
}

TEST(EndToEnd, AFullQueueResetsWhoComesLast) {
  DaemonPair daemons(1);
  daemons.guest_options().max_queue = 2;
  daemons.StartAll();
  const UniqueFd first = Occupy(daemons);
  const UniqueFd second = daemons.Connect("p 2");
  const UniqueFd third = daemons.Connect("p 3");
  EXPECT_EQ(EndOf(daemons.Connect("")), "reset");
  EndInGoodOrder(first);
  EXPECT_EQ(NextByte(second), '.');
  EndInGoodOrder(second);
  EXPECT_EQ(NextByte(third), '.');
}

TEST(EndToEnd, AClientThatWaitsTooLongIsReset) {
  DaemonPair daemons(1);
  daemons.guest_options().queue_timeout = absl::Milliseconds(500);
  daemons.StartAll();
  ASSERT_TRUE(Eventually(kSoon, [&] {  // The first is not to wait.
    const auto channels = daemons.guest().Status().channels;
    return !channels.empty() && channels[0].state == ChannelState::kFree;
  }));
  const UniqueFd first = Occupy(daemons);
  const Deadline not_before = Within(absl::Milliseconds(400));
  EXPECT_EQ(EndOf(daemons.Connect("")), "reset");
  EXPECT_TRUE(not_before.passed());
}

TEST(EndToEnd, AClientThatHangsUpWhileItWaitsCostsNothing) {
  DaemonPair daemons(1);
  daemons.guest_options().max_queue = 1;
  daemons.StartAll();
  const UniqueFd first = Occupy(daemons);
  UniqueFd gone = daemons.Connect("p gone");
  EXPECT_TRUE(ResetOnClose(gone.get()).ok());
  gone.Reset();
  const UniqueFd next = daemons.Connect("p next");  // Its place is free.
  EndInGoodOrder(first);
  EXPECT_EQ(NextByte(next), '.');
  EXPECT_THAT(Served(daemons, "p"), ElementsAre("p next"));
}

TEST(EndToEnd, WithoutAServiceClientsAreResetAtOnce) {
  DaemonPair daemons(1);
  // No time-out is what ends them.
  daemons.guest_options().queue_timeout = absl::Hours(1);
  daemons.guest_options().connect_timeout = absl::Hours(1);
  daemons.host_options().connect_timeout = absl::Hours(1);
  daemons.StopService();
  daemons.StartAll();
  EXPECT_EQ(EndOf(daemons.Connect("")), "reset");
  EXPECT_EQ(EndOf(daemons.Connect("")), "reset");
  daemons.StartService();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(EndToEnd, AResetOfTheServiceReachesTheClientAsOne) {
  DaemonPair daemons(1);
  daemons.StartAll();
  EXPECT_EQ(EndOf(daemons.Connect("reset")), "reset");
  EXPECT_EQ(EndOf(daemons.Connect("source-reset 3000000 1")), "reset");
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(EndToEnd, AResetOfTheClientReachesTheServiceAsOne) {
  DaemonPair daemons(1);
  daemons.StartAll();
  UniqueFd client = Occupy(daemons);
  EXPECT_TRUE(ResetOnClose(client.get()).ok());
  client.Reset();
  EXPECT_TRUE(ServiceSaw(daemons, "reset"));
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// The echo waits for us, we for the echo: nothing moves any more.
TEST(EndToEnd, AClientThatLeavesAFullChannelFreesIt) {
  DaemonPair daemons(1);
  daemons.guest_options().half_close_timeout = absl::Hours(1);
  daemons.host_options().half_close_timeout = absl::Hours(1);
  daemons.StartAll();
  UniqueFd client = daemons.Connect("echo", absl::Milliseconds(500));
  EXPECT_EQ(Outcome(SendContent(client.get(), {100'000'000, 1}).status),
            "timeout");
  EXPECT_TRUE(ResetOnClose(client.get()).ok());
  client.Reset();
  EXPECT_TRUE(ServiceSaw(daemons, "reset"));
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(EndToEnd, AnyStartOrderWorks) {
  for (const std::string order : {"gh", "hg", "gsh", "hsg", "ghs"}) {
    DaemonPair daemons(2);
    if (absl::StrContains(order, "s")) daemons.StopService();
    for (const char one : order) {
      if (one == 'g') daemons.StartGuest();
      if (one == 'h') daemons.StartHost();
      if (one == 's') daemons.StartService();
    }
    EXPECT_TRUE(daemons.EveryChannelServes()) << order;
  }
}

TEST(EndToEnd, ChannelsMayComeLast) {
  DaemonPair daemons(2);
  // They are told of, not only found.
  daemons.guest_options().rescan_interval = absl::Hours(1);
  daemons.host_options().rescan_interval = absl::Hours(1);
  daemons.channel(0).Remove();
  daemons.channel(1).Remove();
  daemons.StartAll();
  const UniqueFd waiting = daemons.Connect("p");
  daemons.channel(0).Create();
  daemons.channel(1).Create();
  EXPECT_EQ(NextByte(waiting), '.');
  EndInGoodOrder(waiting);
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// Tells it once.
bool WasReset(const UniqueFd& client) {
  char byte;
  return ::recv(client.get(), &byte, 1, MSG_DONTWAIT) < 0 &&
         errno == ECONNRESET;
}

TEST(EndToEnd, AChannelThatVanishesResetsItsClientAlone) {
  DaemonPair daemons(2);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  const UniqueFd one = Occupy(daemons);
  const UniqueFd other = Occupy(daemons);
  daemons.channel(0).Remove();
  bool first = false;
  EXPECT_TRUE(Eventually(kSoon, [&] {
    first = WasReset(one);
    return first || WasReset(other);
  }));
  const UniqueFd& survivor = first ? other : one;
  EXPECT_TRUE(WriteText(survivor.get(), "y").ok());
  EXPECT_EQ(NextByte(survivor), 'y');
  daemons.channel(0).Create();
  EndInGoodOrder(survivor);
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// Both ends of the last session have ended, too.
bool Quiet(DaemonPair& daemons) {
  return Eventually(kSoon, [&] {
    return daemons.channel(0).guest_attached() &&
           daemons.host().WaitDrained(Within(absl::ZeroDuration()));
  });
}

bool BothServed(const DaemonPair& daemons) {
  return daemons.ServiceLog().size() == 2;
}

// Both transfers are cut by `stop`.
void CutTransfersBy(DaemonPair& daemons, void (DaemonPair::*stop)()) {
  const UniqueFd download = daemons.Connect("source 1000000000 1");
  const UniqueFd upload = daemons.Connect("sink");
  std::thread sender([&] {
    EXPECT_EQ(Outcome(SendContent(upload.get(), {1'000'000'000'000, 1}).status),
              "reset");
  });
  EXPECT_NE(NextByte(download), '\0');
  EXPECT_TRUE(Eventually(kSoon, [&] { return BothServed(daemons); }));
  (daemons.*stop)();
  EXPECT_EQ(EndOf(download), "reset");
  sender.join();
}

TEST(EndToEnd, AGuestDaemonReplacedInATransferLeavesEveryChannelUsable) {
  DaemonPair daemons(2);
  daemons.StartAll();
  CutTransfersBy(daemons, &DaemonPair::StopGuest);
  EXPECT_TRUE(ServiceSaw(daemons, "reset"));
  daemons.StartGuest();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(EndToEnd, AHostDaemonReplacedInATransferLeavesEveryChannelUsable) {
  DaemonPair daemons(2);
  daemons.StartAll();
  CutTransfersBy(daemons, &DaemonPair::StopHost);
  daemons.StartHost();
  EXPECT_TRUE(daemons.EveryChannelServes());
}

// As a machine that was killed: neither daemon gets a word out.
TEST(EndToEnd, ConnectionsThatQemuDropsAreMadeAgain) {
  DaemonPair daemons(2);
  daemons.StartAll();
  for (const bool host : {true, false}) {
    const UniqueFd one = Occupy(daemons);
    const UniqueFd other = Occupy(daemons);
    for (size_t i = 0; i < daemons.channels(); ++i) {
      host ? daemons.channel(i).DropHost() : daemons.channel(i).DropGuest();
    }
    EXPECT_EQ(EndOf(one), "reset");
    EXPECT_EQ(EndOf(other), "reset");
    EXPECT_TRUE(daemons.EveryChannelServes());
  }
}

TEST(EndToEnd, OneHostDaemonServesTwoGuests) {
  DaemonPair daemons(1);
  daemons.dir().MakeDirectory("ports2");
  GuestOptions options = daemons.guest_options();
  options.directory = daemons.dir() / "ports2";
  daemons.StartAll();
  auto second = GuestProxy::Start(options);
  ASSERT_TRUE(second.ok()) << second.status();
  daemons.dir().MakeDirectory("hosts/g2");
  const FakeQemu qemu(daemons.dir() / "hosts/g2/0",
                      daemons.dir() / "ports2/qpid.0");
  auto client = ConnectTcp("127.0.0.1", (*second)->port(), absl::Seconds(20));
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(WriteText(client->get(), "p\n").ok());
  EXPECT_EQ(NextByte(*client), '.');
  EXPECT_TRUE(daemons.EveryChannelServes());
}

TEST(EndToEnd, ADrainingGuestDaemonLetsSessionsFinish) {
  DaemonPair daemons(2);
  daemons.guest_options().max_queue = 1;
  daemons.StartAll();
  const UniqueFd one = Occupy(daemons);
  const UniqueFd other = Occupy(daemons);
  const UniqueFd waiting = daemons.Connect("p");
  // The queue is full: the one that waits has been accepted.
  EXPECT_EQ(EndOf(daemons.Connect("")), "reset");
  const uint16_t port = daemons.guest().port();
  daemons.guest().Drain();
  EXPECT_FALSE(ConnectTcp("127.0.0.1", port, kSoon).ok());
  EXPECT_FALSE(daemons.guest().WaitDrained(Within(absl::Milliseconds(300))));
  EndInGoodOrder(one);
  EXPECT_EQ(NextByte(waiting), '.');
  EndInGoodOrder(waiting);
  ExpectIdle();
  EXPECT_FALSE(daemons.guest().WaitDrained(Within(absl::ZeroDuration())));
  daemons.guest().Cut();
  EXPECT_EQ(EndOf(other), "reset");
  EXPECT_TRUE(daemons.guest().WaitDrained(Within(kSoon)));
}

// Somebody else, such as systemd, has the same listener and goes on.
TEST(EndToEnd, ClientsOfASharedListenerWaitForTheNextGuestDaemon) {
  const auto shared = OpenListener(*ParseSocketAddress("127.0.0.1", 0), 0);
  ASSERT_TRUE(shared.ok()) << shared.status();
  const auto lend = [&shared] {
    return UniqueFd(::fcntl(shared->get(), F_DUPFD_CLOEXEC, 0));
  };
  DaemonPair daemons(1);
  daemons.StartHost();
  daemons.StartGuest(lend());
  EXPECT_TRUE(daemons.EveryChannelServes());
  daemons.guest().Drain();
  const UniqueFd early = daemons.Connect("p");
  EXPECT_TRUE(daemons.guest().WaitDrained(Within(kSoon)));
  daemons.StopGuest();
  daemons.StartGuest(lend());
  EXPECT_EQ(NextByte(early), '.');
}

// It would never get to a channel, and nobody is there any more.
TEST(EndToEnd, ADrainDoesNotWaitForAClientThatHasLeft) {
  DaemonPair daemons(1);
  daemons.StartGuest();  // No host: no channel is free.
  UniqueFd client = daemons.Connect("p");
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return !daemons.guest().WaitDrained(Within(absl::ZeroDuration()));
  }));
  daemons.guest().Drain();
  EXPECT_TRUE(ResetOnClose(client.get()).ok());
  client.Reset();
  EXPECT_TRUE(daemons.guest().WaitDrained(Within(kSoon)));
}

TEST(EndToEnd, ADrainResetsAClientThatHasWaitedTooLong) {
  DaemonPair daemons(1);
  // Long enough for the client to be seen before.
  daemons.guest_options().queue_timeout = absl::Seconds(5);
  daemons.StartGuest();
  const UniqueFd client = daemons.Connect("p");
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return !daemons.guest().WaitDrained(Within(absl::ZeroDuration()));
  }));
  daemons.guest().Drain();
  EXPECT_EQ(EndOf(client), "reset");
  EXPECT_TRUE(daemons.guest().WaitDrained(Within(kSoon)));
}

TEST(EndToEnd, ADrainingHostDaemonLetsSessionsFinish) {
  DaemonPair daemons(2);
  daemons.StartAll();
  const UniqueFd one = Occupy(daemons);
  const UniqueFd other = Occupy(daemons);
  daemons.host().Drain();
  EXPECT_FALSE(daemons.host().WaitDrained(Within(absl::Milliseconds(300))));
  EndInGoodOrder(one);
  ExpectIdle();
  EXPECT_FALSE(daemons.host().WaitDrained(Within(absl::ZeroDuration())));
  daemons.host().Cut();
  EXPECT_EQ(EndOf(other), "reset");
  EXPECT_TRUE(daemons.host().WaitDrained(Within(kSoon)));
}

TEST(EndToEnd, TransfersFinishWhileADaemonDrains) {
  for (const bool guest : {true, false}) {
    DaemonPair daemons(1);
    daemons.StartAll();
    std::thread drain([&] {
      ASSERT_TRUE(
          Eventually(kSoon, [&] { return !Served(daemons, "both").empty(); }));
      guest ? daemons.guest().Drain() : daemons.host().Drain();
    });
    EXPECT_THAT(daemons.Run({.request = "both 20000000 3 20000000 4",
                             .send = {20'000'000, 4},
                             .expect = Content{20'000'000, 3},
                             .expect_report = true}),
                HasSubstr("outcome=clean-eof"));
    drain.join();
    EXPECT_TRUE(guest ? daemons.guest().WaitDrained(Within(kSoon))
                      : daemons.host().WaitDrained(Within(kSoon)));
  }
}

std::vector<std::string> Garbage() {
  std::string random(100'000, '\0');
  FillContent(99, 0,
              {reinterpret_cast<uint8_t*>(random.data()), random.size()});
  return {"Welcome to the guest\r\nlogin: ",
          random,
          "VS1D",
          "VS1Dabcd",
          absl::StrCat("VS1Dabcdefgh", std::string("\0\x05", 2), "stale"),
          std::string(65536, 'V'),
          "V",
          "VSVSVS1"};
}

bool EndsInHalfHeader(absl::string_view garbage) {
  for (size_t size = 1; size < kHeaderSize && size <= garbage.size(); ++size) {
    const absl::string_view end = garbage.substr(garbage.size() - size);
    if (end.substr(0, 3) == absl::string_view("VS1").substr(0, size)) {
      return true;
    }
  }
  return false;
}

TEST(EndToEnd, GarbageBeforeAndBetweenSessionsIsSkipped) {
  for (const bool options : {true, false}) {
    DaemonPair daemons(1);
    daemons.guest_options().protocol_options = options;
    // Of the clients that garbage costs; the others need far less of it.
    daemons.guest_options().connect_timeout = absl::Seconds(3);
    daemons.StartAll();
    for (const std::string& garbage : Garbage()) {
      ASSERT_TRUE(Quiet(daemons));
      daemons.channel(0).InjectToHost(garbage);
      daemons.channel(0).InjectToGuest(garbage);
      // What follows a half header completes it, to a frame that never comes:
      // that costs one client.
      EXPECT_TRUE(daemons.EveryChannelServes() ||
                  (EndsInHalfHeader(garbage) && daemons.EveryChannelServes()))
          << garbage.substr(0, 20);
    }
  }
}

TEST(EndToEnd, GarbageInASessionResetsItAndNothingElse) {
  DaemonPair daemons(1);
  daemons.StartAll();
  for (const bool to_host : {true, false}) {
    for (const std::string& garbage : Garbage()) {
      if (garbage.size() < 16 || absl::StartsWith(garbage, "VS1D")) continue;
      const UniqueFd client = Occupy(daemons);
      to_host ? daemons.channel(0).InjectToHost(garbage)
              : daemons.channel(0).InjectToGuest(garbage);
      EXPECT_EQ(EndOf(client), "reset");
      EXPECT_TRUE(daemons.EveryChannelServes());
    }
  }
}

TEST(EndToEnd, AStaleFrameInASessionIsDropped) {
  DaemonPair daemons(1);
  daemons.StartAll();
  const std::string stale =
      absl::StrCat("VS1Dabcdefgh", std::string("\0\x05", 2), "stale");
  const UniqueFd client = Occupy(daemons);
  daemons.channel(0).InjectToHost(stale);
  daemons.channel(0).InjectToGuest(stale);
  EXPECT_TRUE(WriteText(client.get(), "y").ok());
  EXPECT_EQ(NextByte(client), 'y');
  EndInGoodOrder(client);
}

TEST(EndToEnd, BaseSessionsWorkFromEitherSide) {
  for (const bool guest : {true, false}) {
    DaemonPair daemons(2);
    daemons.guest_options().protocol_options = guest;
    daemons.host_options().protocol_options = !guest;
    daemons.StartAll();
    EXPECT_THAT(daemons.Run({.request = "source 5000000 1",
                             .expect = Content{5'000'000, 1},
                             .half_close = false}),
                HasSubstr("outcome=clean-eof"));
    for (int i = 0; i < 5; ++i) {
      const UniqueFd one = Occupy(daemons);
      const UniqueFd other = Occupy(daemons);
    }
    const UniqueFd again = Occupy(daemons);
    daemons.StopHost();
    EXPECT_EQ(EndOf(again), "reset");
    daemons.StartHost();
    const UniqueFd last = Occupy(daemons);
    daemons.StopGuest();
    EXPECT_EQ(EndOf(last), "reset");
    daemons.StartGuest();
    const UniqueFd after = Occupy(daemons);
  }
}

TEST(EndToEnd, ListensOnIpv6AndUnixSockets) {
  DaemonPair daemons(1);
  const std::string path = daemons.dir() / "client.sock";
  const auto address = *ParseSocketAddress("unix:" + path, 0);
  daemons.guest_options().listen_address = address;
  daemons.StartAll();
  UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), address.addr(), address.size()), 0);
  ASSERT_TRUE(SetNoProgressTimeout(client.get(), absl::Seconds(20)).ok());
  ASSERT_TRUE(WriteText(client.get(), "source-after-eof 100000 1\n").ok());
  ASSERT_TRUE(ShutdownWrite(client.get()).ok());
  const Received received =
      ReceiveAll(client.get(), {.expect = Content{100'000, 1}});
  EXPECT_TRUE(received.end.ok());
  EXPECT_EQ(received.content.bytes(), 100'000u);
  daemons.StopGuest();

  daemons.guest_options().listen_address = *ParseSocketAddress("::1", 0);
  daemons.StartGuest();
  UniqueFd six(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto six_address = ParseSocketAddress("::1", daemons.guest().port());
  ASSERT_EQ(::connect(six.get(), six_address->addr(), six_address->size()), 0);
  ASSERT_TRUE(SetNoProgressTimeout(six.get(), absl::Seconds(20)).ok());
  ASSERT_TRUE(WriteText(six.get(), "p\n").ok());
  EXPECT_EQ(NextByte(six), '.');
}

// One connection: echoes what comes first, then ends.
void EchoOnce(const UniqueFd& listener) {
  const UniqueFd peer = AcceptNext(listener.get());
  ASSERT_TRUE(peer.ok());
  ASSERT_TRUE(SetNoProgressTimeout(peer.get(), kSoon).ok());
  EXPECT_TRUE(EndCleanly(peer.get()).ok());  // Accepted as one of our legs.
  std::vector<char> piece(100);
  // Interrupted when this process is stopped and goes on.
  const ssize_t n =
      TEMP_FAILURE_RETRY(::recv(peer.get(), piece.data(), piece.size(), 0));
  ASSERT_GT(n, 0);
  (void)::send(peer.get(), piece.data(), static_cast<size_t>(n), MSG_NOSIGNAL);
}

TEST(EndToEnd, DialsIpv6AndUnixServices) {
  for (const std::string kind : {"::1", "unix:"}) {
    DaemonPair daemons(1);
    const std::string host =
        kind == "unix:" ? kind + (daemons.dir() / "service.sock") : kind;
    auto listener = OpenListener(*ParseSocketAddress(host, 0), 0600);
    ASSERT_TRUE(listener.ok()) << listener.status();
    const int flags = ::fcntl(listener->get(), F_GETFL);
    ASSERT_EQ(::fcntl(listener->get(), F_SETFL, flags & ~O_NONBLOCK), 0);
    ASSERT_TRUE(SetNoProgressTimeout(listener->get(), kSoon).ok());
    daemons.host_options().service =
        *ServiceAddress::Parse(host, PortOfListener(listener->get()));
    daemons.StartAll();
    std::thread service([&] { EchoOnce(*listener); });
    const UniqueFd client = daemons.Connect("ping");
    EXPECT_EQ(NextByte(client), 'p');
    EndInGoodOrder(client);
    service.join();
  }
}

TEST(EndToEnd, ShortConnectionsLeaveNothingBehind) {
  DaemonPair daemons(3);
  daemons.StartAll();
  const auto run = [&](int count) {
    return RunShortConnections({.port = daemons.guest().port(), .request = "p"},
                               count);
  };
  ASSERT_TRUE(daemons.EveryChannelServes());
  EXPECT_THAT(run(200), HasSubstr("ok=200 failed=0"));
  const size_t descriptors = OpenDescriptors();
  const size_t threads = ThreadNames().size();
  const size_t resident = ResidentBytes();
  EXPECT_THAT(run(1000), HasSubstr("ok=1000 failed=0"));
  EXPECT_TRUE(Eventually(kSoon,
                         [&] {
                           return OpenDescriptors() <= descriptors &&
                                  ThreadNames().size() <= threads;
                         }))
      << OpenDescriptors() << " descriptors, before " << descriptors;
  if (MemoryCounts()) {
    EXPECT_LT(ResidentBytes(), resident + 2'000'000);
  }
}

uint64_t Ended(const DaemonStatus& status, Termination why) {
  return status.metrics.ended[static_cast<size_t>(why)];
}

// Only the name: QEMU still holds the socket, and the daemon goes on.
TEST(EndToEnd, AnEndPointThatLeavesIsNoShutdown) {
  DaemonPair daemons(1);
  daemons.StartAll();
  UniqueFd client = Occupy(daemons);
  std::filesystem::remove(daemons.dir() / "hosts/g1/0");
  EXPECT_EQ(EndOf(client), "reset");
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return Ended(daemons.host().Status(), Termination::kChannelLost) == 1;
  }));
  EXPECT_EQ(Ended(daemons.host().Status(), Termination::kDraining), 0u);
}

// Nothing of it is lost: it is given the next channel that there is.
TEST(EndToEnd, AClientWhosePortLeavesInItsHandshakeGetsAnother) {
  DaemonPair daemons(2);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  UniqueFd first = Occupy(daemons);
  // The one that is left answers nothing from here on.
  size_t free_one = 0;
  ASSERT_TRUE(Eventually(kSoon, [&] {
    const auto channels = daemons.guest().Status().channels;
    free_one = channels[0].state == ChannelState::kBusy ? 1 : 0;
    return channels[free_one].state == ChannelState::kFree &&
           channels[1 - free_one].state == ChannelState::kBusy;
  }));
  daemons.channel(free_one).Pause(true);
  UniqueFd second = daemons.Connect("p");
  EXPECT_TRUE(Eventually(kSoon, [&] {
    return daemons.guest().Status().channels[free_one].state !=
           ChannelState::kFree;
  }));
  std::filesystem::remove(daemons.dir() /
                          absl::StrCat("ports/qpid.", free_one));
  EndInGoodOrder(first);
  EXPECT_EQ(NextByte(second), '.');
}

TEST(EndToEnd, EverythingIsGivenBackAtTheEnd) {
  const size_t descriptors = OpenDescriptors();
  const size_t threads = ThreadNames().size();
  {
    DaemonPair daemons(3);
    daemons.StartAll();
    EXPECT_TRUE(daemons.EveryChannelServes());
    const UniqueFd client = Occupy(daemons);
    daemons.channel(0).Remove();
  }
  EXPECT_TRUE(Eventually(kSoon,
                         [&] {
                           return OpenDescriptors() <= descriptors &&
                                  ThreadNames().size() <= threads;
                         }))
      << OpenDescriptors() << " descriptors, before " << descriptors << "; "
      << ThreadNames().size() << " threads, before " << threads;
}

TEST(EndToEnd, ThreadsHaveNamesThatTellTheStory) {
  DaemonPair daemons(1);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  // Those of the daemons before may not have left yet.
  const auto become = [](const std::string& name, size_t count) {
    return Eventually(kSoon,
                      [&] { return ThreadNames().count(name) == count; });
  };
  EXPECT_TRUE(become("supervisor", 2));
  for (const char* name :
       {"accept", "up:0", "down:0", "up:qpid.0", "down:qpid.0"}) {
    EXPECT_TRUE(become(name, 1)) << name;
  }
}

TEST(EndToEnd, WaitingCostsNothing) {
  DaemonPair daemons(3);
  daemons.StartAll();
  ASSERT_TRUE(daemons.EveryChannelServes());
  ExpectIdle();  // Free channels.
  const UniqueFd one = Occupy(daemons);
  const UniqueFd half = Occupy(daemons);
  const UniqueFd stalled = daemons.Connect("stall", absl::Milliseconds(500));
  (void)SendContent(stalled.get(), {50'000'000, 1});
  const UniqueFd waiting = daemons.Connect("p");
  ExpectIdle();  // Sessions, one of them full, and a queue.
}

TEST(EndToEnd, AnAbsentHostCostsNothing) {
  DaemonPair daemons(3);
  daemons.guest_options().reconnect_interval = absl::Seconds(5);
  daemons.StartGuest();
  const UniqueFd waiting = daemons.Connect("p");
  absl::SleepFor(absl::Seconds(2));  // The first, short back-offs.
  ExpectIdle();
}

// Of the thread that accepts; none when nobody watches it.
std::optional<absl::Duration> AcceptSilentFor(const GuestProxy& guest) {
  for (const ThreadStatus& thread : guest.Status().threads) {
    if (thread.name == "accept") return thread.silent_for;
  }
  return std::nullopt;
}

TEST(EndToEnd, TheThreadThatAcceptsIsHeardOfAgainAndAgain) {
  DaemonPair daemons(1);
  daemons.StartGuest();
  auto before = AcceptSilentFor(daemons.guest());
  ASSERT_TRUE(before.has_value());
  EXPECT_TRUE(Eventually(kSoon, [&] {
    const auto last = std::exchange(before, AcceptSilentFor(daemons.guest()));
    return *before < *last;
  }));
}

TEST(EndToEnd, ASocketThatWasInheritedStaysBehind) {
  DaemonPair daemons(1);
  const std::string path = daemons.dir() / "client.sock";
  const auto address = *ParseSocketAddress("unix:" + path, 0);
  daemons.guest_options().listen_address = address;
  auto lent = OpenListener(address, 0600);
  ASSERT_TRUE(lent.ok()) << lent.status();
  daemons.StartGuest(*std::move(lent));
  daemons.StopGuest();
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace vios::testing
