// SPDX-License-Identifier: Apache-2.0
// Long absences: of the host, which must not cost the guest its processor, and
// of the whole guest, which must not cost a transfer. The minute that matters
// in the field has a target of its own, to be run by hand.
#include <iostream>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

// The parameter is in seconds.
class StandstillTest : public ProxyVmTest,
                       public ::testing::WithParamInterface<int> {
 protected:
  absl::Duration Time() const { return absl::Seconds(GetParam()); }
};

TEST_P(StandstillTest, GuestWithoutAHostBurnsNoProcessor) {
  Restart("--queue_timeout=1h");
  const std::vector<Job> cut = StayingClients("cut", 3);
  StopHost();
  for (const Job& client : cut) {
    EXPECT_EQ(guest().AwaitClient(client).outcome(), "reset");
  }
  const Job waiting = guest().StartClient("echo waiting", "--stay");
  const auto before = guest().GuestFigures();
  ASSERT_TRUE(before.ok()) << before.status();
  absl::SleepFor(Time());
  const auto after = guest().GuestFigures();
  ASSERT_TRUE(after.ok()) << after.status();
  // One thread that spins has all of the time.
  const absl::Duration burnt =
      absl::Milliseconds(after->cpu_ms - before->cpu_ms);
  std::cout << "processor time in " << Time() << ": " << burnt << std::endl;
  EXPECT_LT(burnt, Time() / 10);
  StartHost();
  EXPECT_TRUE(service().Began("echo waiting", kLimit));
  FinishAll({waiting});
  ExpectChannelsWork(3);
}

// The download's client has half-closed, which is no case for the time-out.
TEST_P(StandstillTest, GuestPausedInMidTransferGoesOn) {
  const std::string down = "source 100000000 3 down";
  const Job download = guest().StartClient(down, "--expect=100000000:3");
  const Job upload = guest().StartClient(
      "sink up", "--send=100000000:4 --expect=0:0 --expect_report");
  ASSERT_TRUE(service().Began(down, kLimit));
  ASSERT_TRUE(service().Began("sink up", kLimit));
  ASSERT_TRUE(vm().Pause().ok());
  EXPECT_FALSE(service().Ended("sink up", "", Time()));
  EXPECT_FALSE(service().Ended(down, "", absl::ZeroDuration()));
  ASSERT_TRUE(vm().Continue().ok());
  for (const Job& client : {download, upload}) {
    const ClientResult result = guest().AwaitClient(client);
    EXPECT_EQ(result.outcome(), "clean-eof") << result;
  }
  ExpectChannelsWork(3);
}

INSTANTIATE_TEST_SUITE_P(Seconds, StandstillTest, ::testing::Values(10, 60),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace vios::testing
