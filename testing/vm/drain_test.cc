// SPDX-License-Identifier: Apache-2.0
// SIGTERM under load: what runs may finish, what does not is cut in time.
#include <csignal>
#include <vector>

#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

class DrainTest : public ProxyVmTestWithVcpus {
 protected:
  // Sends more than all buffers on the way hold to a service that takes none.
  Job StartStuckClient() {
    const Job stuck = guest().StartClient("stall", "--send=100000000:1");
    EXPECT_TRUE(service().Began("stall", kLimit));
    return stuck;
  }
};

TEST_P(DrainTest, GuestDaemonLetsSessionsFinishAndRefusesNewClients) {
  Restart("--drain_timeout=100s");
  const std::vector<Job> staying = StayingClients("staying", 2);
  const Job stream =
      guest().StartClient("source 50000000 3 stream", "--expect=50000000:3");
  ASSERT_TRUE(service().Began("source 50000000 3 stream", kLimit));
  guest().SignalGuest(SIGTERM);
  EXPECT_TRUE(Eventually(kLimit, [&] {
    return guest().Client("echo late").outcome() == "refused";
  }));
  EXPECT_EQ(guest().AwaitClient(stream).outcome(), "clean-eof");
  FinishAll(staying);
  EXPECT_EQ(guest().AwaitGuestEnd(kLimit), "exit 0");
}

TEST_P(DrainTest, HostDaemonLetsSessionsFinish) {
  Restart("--queue_timeout=10s", {"--drain_timeout=100s"});
  const std::vector<Job> staying = StayingClients("staying", 2);
  const Job stream =
      guest().StartClient("source 50000000 3 stream", "--expect=50000000:3");
  ASSERT_TRUE(service().Began("source 50000000 3 stream", kLimit));
  host().Signal(SIGTERM);
  EXPECT_EQ(guest().AwaitClient(stream).outcome(), "clean-eof");
  EXPECT_EQ(guest().Client("echo late").outcome(), "reset");
  FinishAll(staying);
  EXPECT_EQ(host().Wait(kLimit), 0);
  EXPECT_FALSE(service().Began("echo late"));
}

TEST_P(DrainTest, GuestDaemonCutsAStuckSession) {
  Restart("--drain_timeout=1s");
  const Job stuck = StartStuckClient();
  guest().SignalGuest(SIGTERM);
  EXPECT_EQ(guest().AwaitGuestEnd(kLimit), "exit 0");
  EXPECT_EQ(guest().AwaitClient(stuck).outcome(), "reset");
}

TEST_P(DrainTest, HostDaemonCutsAStuckSession) {
  Restart("", {"--drain_timeout=1s"});
  const Job stuck = StartStuckClient();
  host().Signal(SIGTERM);
  EXPECT_EQ(host().Wait(kLimit), 0);
  EXPECT_EQ(guest().AwaitClient(stuck).outcome(), "reset");
}

TEST_P(DrainTest, SecondSignalCutsAtOnce) {
  Restart("--drain_timeout=1h", {"--drain_timeout=1h"});
  const Job stuck = StartStuckClient();
  host().Signal(SIGTERM);
  guest().SignalGuest(SIGTERM);
  EXPECT_EQ(guest().AwaitGuestEnd(absl::Milliseconds(500)), "running");
  // Other ones: two of a kind that wait are one.
  guest().SignalGuest(SIGINT);
  host().Signal(SIGINT);
  EXPECT_EQ(guest().AwaitGuestEnd(kLimit), "exit 0");
  EXPECT_EQ(host().Wait(kLimit), 0);
  EXPECT_EQ(guest().AwaitClient(stuck).outcome(), "reset");
}

TEST_P(DrainTest, IdleDaemonsEndAtOnce) {
  Restart("--drain_timeout=1h", {"--drain_timeout=1h"});
  ExpectChannelsWork(3);
  guest().SignalGuest(SIGINT);
  host().Signal(SIGINT);
  EXPECT_EQ(guest().AwaitGuestEnd(kLimit), "exit 0");
  EXPECT_EQ(host().Wait(kLimit), 0);
}

INSTANTIATE_TEST_SUITE_P(Vcpus, DrainTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
