// SPDX-License-Identifier: Apache-2.0
// A guest that misuses its ports in every way harms nobody but itself. How fast
// the other guest is meanwhile is measured by hostile_speed_test.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/deadline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/hostile/attack.h"
#include "testing/hostile/plain_log.h"
#include "testing/vm/client_result.h"
#include "testing/vm/hostile_guest_fixture.h"
#include "testing/vm/proxy_vm.h"

namespace vios::testing {
namespace {

// What README.md promises of the host daemon.
constexpr int kFixedDescriptors = 11;  // Stricter: it has 15.
constexpr int kDescriptorsPerChannel = 4;
constexpr int kFixedThreads = 4;
constexpr int kThreadsPerChannel = 2;
constexpr int kFixedKib = 8 * 1024;
constexpr int kKibPerChannel = 300;   // Stricter: it has 370.
constexpr int kDialsPerSecond = 100;  // Of each guest.
// Session lines and the one that sums up, and what is told of channels.
constexpr double kLinesPerSecond = 11;
constexpr double kOtherLinesPerSecond = 3;

class HostileGuestAttackTest : public HostileGuestTest,
                               public ::testing::WithParamInterface<Attack> {
 protected:
  void SetUp() override {
    HostileGuestTest::SetUp();
    begun_ = Clock::now();
    dials_ = Dials();
    log_size_ = host().Log().size();
  }

  // All of it while the attack goes on; kHonestDials connections.
  void UseHonestGuest() {
    for (int i = 0; i < kTransfers; ++i) {
      const ClientResult result = honest().Client(
          "both 3000000 1 2000000 2",
          "--send=2000000:2 --expect=3000000:1 --expect_report");
      EXPECT_EQ(result.outcome(), "clean-eof") << result;
    }
    const auto result = honest().vm().agent().Run(
        absl::StrCat("traffic short --port=5672 --clients=3 --count=", kShort),
        kLimit);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->end, "exit 0") << result->out;
    ExpectChannelsWork(honest());
  }

  void ExpectBounded() {
    constexpr int kChannels = 2 * kPorts;
    const auto figures = host().ReadFigures();
    ASSERT_TRUE(figures.ok()) << figures.status();
    std::cout << AttackReport() << "; host daemon: " << *figures << std::endl;
    EXPECT_LE(figures->descriptors,
              kFixedDescriptors + kDescriptorsPerChannel * kChannels);
    EXPECT_LE(figures->threads, kFixedThreads + kThreadsPerChannel * kChannels);
    EXPECT_LE(figures->resident_kib, kFixedKib + kKibPerChannel * kChannels);
  }

  void ExpectRatesBounded() {
    // Those of the attack: what it does is bounded for each guest by itself.
    const double dials =
        static_cast<double>(Dials() - dials_) - double{kHonestDials};
    const std::string log = host().Log().substr(log_size_);
    const double seconds =
        std::chrono::duration<double>(Clock::now() - begun_).count();
    std::cout << seconds << " s, " << dials << " dials, " << CountLines(log)
              << " lines" << std::endl;
    // A second that has begun counts as a whole one.
    EXPECT_LE(dials, kDialsPerSecond * (seconds + 1));
    EXPECT_LE(static_cast<double>(CountLines(log)),
              (2 * kLinesPerSecond + kOtherLinesPerSecond) * (seconds + 1));
    EXPECT_EQ(FirstControlByte(log), "");
    // That there was something to escape.
    if (GetParam() == Attack::kText) {
      EXPECT_THAT(log, ::testing::HasSubstr("\\x1b]0;owned\\x07"));
    }
  }

 private:
  static constexpr int kTransfers = 3;
  static constexpr int kShort = 50;
  static constexpr int kHonestDials = kTransfers + kShort + kPorts;

  Clock::time_point begun_;
  size_t dials_ = 0;
  size_t log_size_ = 0;
};

TEST_P(HostileGuestAttackTest, HarmsNobodyElse) {
  StartAttack(GetParam());
  AwaitAttack();
  UseHonestGuest();
  ExpectBounded();
  StopAttack();
  ExpectRatesBounded();
  EXPECT_TRUE(host().running());
  // Nor its own channels, once somebody uses them as they are meant to be.
  hostile().StartGuest();
  ExpectChannelsWork(hostile());
}

std::string TestName(const ::testing::TestParamInfo<Attack>& attack) {
  std::string name = Name(attack.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Attacks, HostileGuestAttackTest,
                         ::testing::ValuesIn(AttacksOf(Side::kGuest)),
                         TestName);

}  // namespace
}  // namespace vios::testing
