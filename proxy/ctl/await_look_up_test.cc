// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/await_look_up.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using Addresses = std::vector<SocketAddress>;

class AwaitLookUpTest : public ::testing::Test {
 protected:
  absl::StatusOr<Addresses> Await(ServiceResolver::LookUp look_up,
                                  absl::Duration limit = absl::Seconds(20)) {
    return AwaitLookUp(name_, Deadline::After(limit), *wakeup_,
                       std::move(look_up));
  }
  // A resolver that answers only after the test.
  ServiceResolver::LookUp Hangs() {
    return [until = until_](const std::string&, uint16_t) {
      until->WaitForNotification();
      return absl::StatusOr<Addresses>(Addresses());
    };
  }
  ~AwaitLookUpTest() override { until_->Notify(); }

  const ServiceAddress name_ = *ServiceAddress::Parse("db.example", 80);
  const std::shared_ptr<absl::Notification> until_ =
      std::make_shared<absl::Notification>();
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(AwaitLookUpTest, HandsOnTheAnswer) {
  const auto found = Await([](const std::string& host, uint16_t port) {
    EXPECT_EQ(host, "db.example");
    return absl::StatusOr<Addresses>({SocketAddress::Loopback(port)});
  });
  EXPECT_EQ(found.value(), Addresses{SocketAddress::Loopback(80)});
}

TEST_F(AwaitLookUpTest, HandsOnTheFailure) {
  const auto found = Await([](const std::string&, uint16_t) {
    return absl::StatusOr<Addresses>(absl::UnavailableError("no such host"));
  });
  EXPECT_EQ(found.status().message(), "no such host");
}

TEST_F(AwaitLookUpTest, ALiteralIsNotLookedUp) {
  const auto literal = SocketAddress::Loopback(80);
  const auto found = AwaitLookUp(ServiceAddress(literal), Deadline::Never(),
                                 *wakeup_, Hangs());
  EXPECT_EQ(found.value(), Addresses{literal});
}

TEST_F(AwaitLookUpTest, AResolverThatHangsIsLeftBehind) {
  const auto found = Await(Hangs(), absl::Milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(found.status())) << found.status();
}

TEST_F(AwaitLookUpTest, EndsWhenCancelled) {
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(Await(Hangs()).status()));
}

}  // namespace
}  // namespace vios
