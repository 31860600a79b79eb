// SPDX-License-Identifier: Apache-2.0
// A guest suspended to RAM with sessions running. Its kernel drops what is in
// the rings, both ways: who lost something is reset, and nobody hangs.
#include <iostream>
#include <vector>

#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/vm_states.h"

namespace vios::testing {
namespace {

class SuspendTest : public ProxyVmTest {
 protected:
  void SleepAndWake() {
    absl::Status status = Suspend(vm());
    ASSERT_TRUE(status.ok()) << status;
    status = WakeUp(vm());
    ASSERT_TRUE(status.ok()) << status;
    const auto awake = vm().Run("echo awake");
    ASSERT_TRUE(awake.ok()) << awake.status();
  }
  // Whole, or reset.
  void ExpectNoHole(const Job& client) {
    const ClientResult result = guest().AwaitClient(client);
    std::cout << result << std::endl;
    EXPECT_TRUE(result.outcome() == "reset" || result.outcome() == "clean-eof")
        << result;
    EXPECT_TRUE(result.same()) << result;
  }
};

TEST_F(SuspendTest, BytesInFlightAreNoHole) {
  const std::string down = "source 100000000 3 down";
  const Job download = guest().StartClient(down, "--expect=100000000:3");
  const Job upload = guest().StartClient(
      "sink up", "--send=100000000:4 --expect=0:0 --expect_report");
  ASSERT_TRUE(service().Began(down, kLimit));
  ASSERT_TRUE(service().Began("sink up", kLimit));
  SleepAndWake();
  ExpectNoHole(download);
  ExpectNoHole(upload);
  EXPECT_TRUE(service().Ended(down, "", kLimit));
  EXPECT_TRUE(service().Ended("sink up", "", kLimit));
  ExpectChannelsWork(3);
}

TEST_F(SuspendTest, SilentSessionsDoNotHang) {
  const std::vector<Job> clients = StayingClients("silent", 3);
  SleepAndWake();
  for (const Job& client : clients) {
    guest().SignalClient(client, SIGTERM);
    ExpectNoHole(client);
  }
  ExpectChannelsWork(3);
}

TEST_F(SuspendTest, IdleGuestIsServedAgain) {
  ExpectChannelsWork(3);
  SleepAndWake();
  ExpectChannelsWork(3);
}

}  // namespace
}  // namespace vios::testing
