// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_dial.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/raw_frame.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/pacer.h"
#include "proxy/resolver.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

using Addresses = std::vector<SocketAddress>;

SocketAddress Loopback(uint16_t port) {
  return *ParseSocketAddress("127.0.0.1", port);
}

// A host at the moment at which it dials for a guest that is played by hand.
class ServiceDialTest : public ::testing::Test {
 protected:
  ServiceDialTest()
      : pair_(ConnectedPair()),
        channel_(std::move(pair_.ours), Role::kHost, true),
        wakeup_(*Wakeup::Create(cancel_)),
        listener_(*OpenListener(Loopback(0), 0)) {}

  std::variant<UniqueFd, SessionEnd> Dial(
      Addresses addresses, absl::Duration limit = absl::Seconds(20)) {
    ServiceResolver resolver(
        *ServiceAddress::Parse("service.test", 0),
        [addresses](const std::string&, uint16_t) -> absl::StatusOr<Addresses> {
          return addresses;
        });
    EXPECT_TRUE(resolver.Refresh().ok());
    return DialService(channel_, syn_, resolver, *dials_,
                       Deadline::After(limit), *wakeup_);
  }
  SessionEnd Failure(Addresses addresses,
                     absl::Duration limit = absl::Seconds(20)) {
    auto dialled = Dial(std::move(addresses), limit);
    const auto* end = std::get_if<SessionEnd>(&dialled);
    EXPECT_NE(end, nullptr);
    return end == nullptr ? SessionEnd{} : *end;
  }

  SocketAddress Service() { return Loopback(PortOfListener(listener_.get())); }
  // A port that nobody listens on, nor will while the test runs.
  SocketAddress Refusing() {
    refusing_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress any = Loopback(0);
    EXPECT_EQ(::bind(refusing_.back().get(), any.addr(), any.size()), 0);
    return Loopback(PortOfListener(refusing_.back().get()));
  }
  // A port that does not answer: its backlog is full.
  SocketAddress Silent() {
    EXPECT_EQ(::listen(listener_.get(), 0), 0);
    for (int i = 0; i < 3; ++i) {
      backlog_.emplace_back(
          ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      const SocketAddress address = Service();
      (void)::connect(backlog_.back().get(), address.addr(), address.size());
    }
    return Service();
  }
  // A unix service in `dir` that takes no more connections.
  SocketAddress FullUnixService(const ScratchDir& dir) {
    const SocketAddress address =
        *ParseSocketAddress(absl::StrCat("unix:", dir / "service"), 0);
    listener_ = *OpenListener(address, 0600);
    EXPECT_EQ(::listen(listener_.get(), 0), 0);
    auto first = StartDial(address);
    EXPECT_TRUE(first.ok());
    backlog_.push_back(std::move(first->fd));
    EXPECT_FALSE(StartDial(address).ok());
    return address;
  }
  void Send(char type, const std::string& guest, const std::string& host,
            const std::string& payload = "") {
    EXPECT_TRUE(WriteAll(pair_.theirs.get(), Raw(type, guest, host, payload)));
  }

  FdPair pair_;
  Channel channel_;
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_;
  UniqueFd listener_;
  std::vector<UniqueFd> refusing_;
  std::vector<UniqueFd> backlog_;
  std::unique_ptr<Pacer> dials_ =
      std::make_unique<Pacer>(100, absl::Seconds(1));
  SynRequest syn_ = {.guest = {0x61626364}};  // "abcd"
};

TEST_F(ServiceDialTest, Connects) {
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(Dial({Service()})));
}

TEST_F(ServiceDialTest, TriesTheNextAddress) {
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(Dial({Refusing(), Service()})));
}

TEST_F(ServiceDialTest, SaysThatItWasRefused) {
  const SessionEnd end = Failure({Refusing(), Refusing()});
  EXPECT_EQ(end.kind, SessionEnd::Kind::kReset);
  EXPECT_EQ(end.reason, ResetReason::kServiceRefused);
}

TEST_F(ServiceDialTest, WaitsForTheFirstAddresses) {
  const Addresses service = {Service()};
  ServiceResolver resolver(
      *ServiceAddress::Parse("service.test", 0),
      [&service](const std::string&, uint16_t) -> absl::StatusOr<Addresses> {
        absl::SleepFor(absl::Milliseconds(300));
        return service;
      });
  std::thread slow([&resolver] { EXPECT_TRUE(resolver.Refresh().ok()); });
  const auto dialled =
      DialService(channel_, syn_, resolver, *dials_,
                  Deadline::After(absl::Seconds(20)), *wakeup_);
  slow.join();
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(dialled));
}

TEST_F(ServiceDialTest, WaitsForThemNoLongerThanItMay) {
  const ServiceAddress name = *ServiceAddress::Parse("service.test", 0);
  ServiceResolver resolver(name);  // Nobody asks.
  const auto dialled =
      DialService(channel_, syn_, resolver, *dials_,
                  Deadline::After(absl::Milliseconds(50)), *wakeup_);
  const auto* end = std::get_if<SessionEnd>(&dialled);
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(end->reason, ResetReason::kTimedOut);
}

TEST_F(ServiceDialTest, ANameThatIsUnknownIsRefusedAtOnce) {
  ServiceResolver resolver(
      *ServiceAddress::Parse("service.test", 0),
      [](const std::string&, uint16_t) -> absl::StatusOr<Addresses> {
        return absl::UnavailableError("unknown");
      });
  EXPECT_FALSE(resolver.Refresh().ok());
  const auto dialled = DialService(channel_, syn_, resolver, *dials_,
                                   Deadline::Never(), *wakeup_);
  const auto* end = std::get_if<SessionEnd>(&dialled);
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(end->reason, ResetReason::kServiceRefused);
}

TEST_F(ServiceDialTest, GivesEachAddressItsShareOfTheTime) {
  const UniqueFd other = *OpenListener(Loopback(0), 0);
  const Addresses both = {Silent(), Loopback(PortOfListener(other.get()))};
  const auto connects = [&](absl::Duration limit) {
    return std::holds_alternative<UniqueFd>(Dial(both, limit));
  };
  // A machine that stands still may need the longer one.
  EXPECT_TRUE(connects(absl::Seconds(2)) || connects(absl::Seconds(20)));
}

TEST_F(ServiceDialTest, TakesAllOfTheTimeWhereNobodyAnswers) {
  const Deadline not_before = Deadline::After(absl::Milliseconds(350));
  const SessionEnd end = Failure({Silent(), Silent()}, absl::Milliseconds(400));
  EXPECT_EQ(end.reason, ResetReason::kTimedOut) << end.detail;
  EXPECT_TRUE(not_before.passed());
}

TEST_F(ServiceDialTest, EndsWithTheGuestsReset) {
  Send('H', "abcd", "????", "\x0c");
  const SessionEnd end = Failure({Silent()});
  EXPECT_EQ(end.kind, SessionEnd::Kind::kPeerReset);
  EXPECT_EQ(end.reason, ResetReason::kGivenUpByClient);
}

TEST_F(ServiceDialTest, BehindTheGuestsResetNoOtherAddressIsTried) {
  Send('H', "abcd", "????", "\x0c");
  const UniqueFd other = *OpenListener(Loopback(0), 0);
  EXPECT_EQ(Failure({Silent(), Loopback(PortOfListener(other.get()))}).kind,
            SessionEnd::Kind::kPeerReset);
  EXPECT_EQ(ReadyNow(other.get(), POLLIN), 0);
}

TEST_F(ServiceDialTest, ARingIsNoAnswerOfTheService) {
  wakeup_->Ring();
  EXPECT_EQ(Failure({Silent()}, absl::Milliseconds(400)).reason,
            ResetReason::kTimedOut);
}

TEST_F(ServiceDialTest, WithoutADescriptorItIsNotTheServiceThatRefused) {
  const SocketAddress service = Service();
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const UniqueFd next(::fcntl(0, F_DUPFD_CLOEXEC, 0));
  const rlimit none = {static_cast<rlim_t>(next.get()), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const SessionEnd end = Failure({service});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(end.reason, ResetReason::kNoResources) << end.detail;
}

TEST_F(ServiceDialTest, EndsWithANewSynAndKeepsIt) {
  Send('A', "efgh", "????");
  EXPECT_EQ(Failure({Silent()}).kind, SessionEnd::Kind::kPeerForgot);
  ASSERT_TRUE(channel_.pending_syn().has_value());
  EXPECT_EQ(ToString(channel_.pending_syn()->guest), "efgh");
}

TEST_F(ServiceDialTest, EndsWithAPingThatSaysThereIsNoSession) {
  Send('I', "RRRR", "RRRR", "01234567");
  EXPECT_EQ(Failure({Silent()}).kind, SessionEnd::Kind::kPeerForgot);
}

TEST_F(ServiceDialTest, AForeignResetEndsNothing) {
  Send('H', "zzzz", "????", "\x0c");
  EXPECT_EQ(Failure({Silent()}, absl::Milliseconds(200)).reason,
            ResetReason::kTimedOut);
}

TEST_F(ServiceDialTest, EndsWithTheChannel) {
  pair_.theirs.Reset();
  EXPECT_EQ(Failure({Silent()}).kind, SessionEnd::Kind::kChannelLost);
}

TEST_F(ServiceDialTest, EndsWhenItIsCut) {
  cancel_.Fire();
  EXPECT_EQ(Failure({Silent()}).reason, ResetReason::kShuttingDown);
}

TEST_F(ServiceDialTest, WaitsForItsTurn) {
  const Deadline not_before = Deadline::After(absl::Milliseconds(990));
  for (int i = 0; i < 100; ++i) dials_->Reserve();
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(Dial({Service()})));
  EXPECT_TRUE(not_before.passed());
}

// A name with many addresses, none of which answers, dials no more often.
TEST_F(ServiceDialTest, EachAddressWaitsForItsTurn) {
  const Deadline not_before = Deadline::After(absl::Milliseconds(990));
  for (int i = 0; i < 97; ++i) dials_->Reserve();
  Failure({Refusing(), Refusing(), Refusing(), Refusing()});
  EXPECT_TRUE(not_before.passed());
}

// The name may have moved meanwhile.
TEST_F(ServiceDialTest, OnlyAFailureHasTheNameResolvedAnew) {
  SocketAddress address = Service();
  ServiceResolver resolver(*ServiceAddress::Parse("service.test", 0),
                           [&](const std::string&, uint16_t) {
                             return absl::StatusOr<Addresses>({address});
                           });
  const auto dial = [&] {
    EXPECT_TRUE(resolver.Refresh().ok());
    return DialService(channel_, syn_, resolver, *dials_,
                       Deadline::After(absl::Seconds(20)), *wakeup_);
  };
  // It is looked up at most once a second.
  const auto due = [&] {
    return resolver.Due(Clock::now() + std::chrono::seconds(2));
  };
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(dial()));
  EXPECT_FALSE(due());
  address = Refusing();
  EXPECT_TRUE(std::holds_alternative<SessionEnd>(dial()));
  EXPECT_TRUE(due());
}

// With TCP the kernel does this by itself.
TEST_F(ServiceDialTest, WaitsForAUnixServiceWhoseBacklogIsFull) {
  const ScratchDir dir;
  const SocketAddress service = FullUnixService(dir);
  EXPECT_EQ(Failure({service}, absl::Milliseconds(100)).reason,
            ResetReason::kTimedOut);
  std::thread takes([&] {
    const UniqueFd taken(::accept(listener_.get(), nullptr, nullptr));
  });
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(Dial({service})));
  takes.join();
}

TEST_F(ServiceDialTest, EachTryAtAFullBacklogWaitsForItsTurn) {
  const ScratchDir dir;
  const SocketAddress service = FullUnixService(dir);
  const auto takes_all_places = [&](absl::Duration limit) {
    dials_ = std::make_unique<Pacer>(100, absl::Hours(1));
    for (int i = 0; i < 97; ++i) dials_->Reserve();
    EXPECT_THAT(Failure({service}, limit).detail,
                ::testing::HasSubstr("backlog"));
    return dials_->TryTake().has_value();
  };
  // A machine that stands still may need the longer one.
  EXPECT_TRUE(takes_all_places(absl::Seconds(2)) ||
              takes_all_places(absl::Seconds(20)))
      << "there is a place left";
}

// Nor for ever, once the time is over.
TEST_F(ServiceDialTest, AFullBacklogIsTriedNoLongerThanItMay) {
  const ScratchDir dir;
  const SocketAddress service = FullUnixService(dir);
  dials_ = std::make_unique<Pacer>(100, absl::Hours(1));
  EXPECT_EQ(Failure({service}, absl::Milliseconds(100)).reason,
            ResetReason::kTimedOut);
  EXPECT_FALSE(dials_->TryTake().has_value()) << "it took all turns";
}

TEST_F(ServiceDialTest, EndsWithTheGuestsResetWhileABacklogIsFull) {
  const ScratchDir dir;
  const SocketAddress service = FullUnixService(dir);
  Send('H', "abcd", "????", "\x0c");
  EXPECT_EQ(Failure({service}).kind, SessionEnd::Kind::kPeerReset);
}

TEST_F(ServiceDialTest, OneDialTakesOneTurn) {
  dials_ = std::make_unique<Pacer>(2, absl::Hours(1));
  EXPECT_TRUE(std::holds_alternative<UniqueFd>(Dial({Service()})));
  EXPECT_FALSE(dials_->TryTake().has_value());
  EXPECT_TRUE(dials_->TryTake().has_value());
}

// A flood of attempts that end before their turn takes nobody else's.
TEST_F(ServiceDialTest, AnAttemptThatEndsBeforeItsTurnTakesNone) {
  dials_ = std::make_unique<Pacer>(100, absl::Hours(1));
  for (int i = 0; i < 100; ++i) dials_->Reserve();
  const Clock::time_point next_hour_is_over =
      Clock::now() + std::chrono::hours(2);
  for (int i = 0; i < 200; ++i) {
    Send('H', "abcd", "????", "\x0c");
    EXPECT_EQ(Failure({Service()}).kind, SessionEnd::Kind::kPeerReset);
  }
  EXPECT_LT(dials_->Reserve(), next_hour_is_over);
}

}  // namespace
}  // namespace vios
