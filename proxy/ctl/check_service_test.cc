// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_service.h"

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using Addresses = std::vector<SocketAddress>;
using ::testing::HasSubstr;

class CheckServiceTest : public ::testing::Test {
 protected:
  Verdict Check(absl::Duration limit, ServiceResolver::LookUp look_up) {
    return CheckService(*ServiceAddress::Parse("db.example", 80),
                        Deadline::After(limit), *wakeup_, std::move(look_up));
  }
  // A port that does not answer: its backlog is full.
  SocketAddress Silent() {
    EXPECT_EQ(::listen(silent_.get(), 0), 0);
    const auto address = SocketAddress::Loopback(PortOfListener(silent_.get()));
    for (int i = 0; i < 3; ++i) {
      backlog_.emplace_back(
          ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      (void)::connect(backlog_.back().get(), address.addr(), address.size());
    }
    return address;
  }

  const UniqueFd silent_ = *OpenListener(SocketAddress::Loopback(0), 0);
  std::vector<UniqueFd> backlog_;
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(CheckServiceTest, AResolverThatHangsTakesNoLongerThanTheDeadline) {
  const auto until = std::make_shared<absl::Notification>();
  const absl::Time begin = absl::Now();
  const Verdict verdict =
      Check(absl::Milliseconds(100), [until](const std::string&, uint16_t) {
        until->WaitForNotificationWithTimeout(absl::Seconds(30));
        return absl::StatusOr<Addresses>(Addresses());
      });
  until->Notify();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(20));
  EXPECT_TRUE(IsBroken(verdict));
  EXPECT_THAT(verdict.finding, HasSubstr("db.example port 80 is not to be "
                                         "reached: resolve db.example: no "
                                         "answer in time"));
}

TEST_F(CheckServiceTest, ASilentAddressLeavesTimeForTheNext) {
  const UniqueFd listener = *OpenListener(SocketAddress::Loopback(0), 0);
  const auto good = SocketAddress::Loopback(PortOfListener(listener.get()));
  const SocketAddress silent = Silent();
  // A machine that stands still may need the longer one.
  bool left_time = false;
  for (const auto limit : {absl::Seconds(4), absl::Seconds(40)}) {
    const absl::Time begin = absl::Now();
    const Verdict verdict = Check(limit, [&](const std::string&, uint16_t) {
      return absl::StatusOr<Addresses>({silent, good});
    });
    EXPECT_FALSE(IsBroken(verdict)) << verdict.finding;
    left_time = absl::Now() - begin < limit * 0.8;  // Half of it, really.
    if (left_time) break;
  }
  EXPECT_TRUE(left_time);
}

// A reset would stand in the service's log.
TEST_F(CheckServiceTest, TheServiceSeesAnOrdinaryEnd) {
  const UniqueFd listener = *OpenListener(SocketAddress::Loopback(0), 0);
  const auto good = SocketAddress::Loopback(PortOfListener(listener.get()));
  const Verdict verdict =
      CheckService(ServiceAddress(good), Deadline::Never(), *wakeup_);
  EXPECT_FALSE(IsBroken(verdict)) << verdict.finding;
  const UniqueFd probe(::accept(listener.get(), nullptr, nullptr));
  ASSERT_TRUE(probe.ok());
  char byte = 0;
  EXPECT_EQ(::recv(probe.get(), &byte, 1, 0), 0);
}

}  // namespace
}  // namespace vios
