// SPDX-License-Identifier: Apache-2.0
// More clients than channels: they wait in order, up to a limit.
#include <csignal>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

class QueueTest : public ProxyVmTestWithVcpus {
 protected:
  // Until every channel may have a client: before, each one waits.
  void AwaitAttached(int channels) {
    for (int i = 0; i < channels; ++i) {
      EXPECT_TRUE(guest().AwaitGuestLog(
          absl::StrCat("qpid.", i, ": host attached"), kLimit));
    }
  }
};

TEST_P(QueueTest, WaitingClientsAreServedInOrder) {
  const std::vector<Job> busy = StayingClients("busy", 3);
  const Job first = guest().StartClient("echo first", "--stay");
  const Job second = guest().StartClient("echo second", "--stay");
  EXPECT_FALSE(service().Began("echo first"));
  FinishAll({busy[0]});
  EXPECT_TRUE(service().Began("echo first", kLimit));
  EXPECT_FALSE(service().Began("echo second"));
  FinishAll({busy[1]});
  EXPECT_TRUE(service().Began("echo second", kLimit));
  FinishAll({busy[2], first, second});
}

TEST_P(QueueTest, ClientThatHungUpWhileItWaitedCostsNothing) {
  const std::vector<Job> busy = StayingClients("busy", 3);
  const Job gone = guest().StartClient("hold gone", "--vanish --stay");
  const Job next = guest().StartClient("echo next", "--stay");
  guest().SignalClient(gone, SIGKILL);
  EXPECT_EQ(vm().agent().Wait(gone, kLimit).value_or("none"), "signal 9");
  FinishAll({busy[0]});
  EXPECT_TRUE(service().Began("echo next", kLimit));
  EXPECT_FALSE(service().Began("hold gone"));
  FinishAll({busy[1], busy[2], next});
}

TEST_P(QueueTest, ClientThatHasSentItsEndStillGetsItsAnswer) {
  const std::vector<Job> busy = StayingClients("busy", 3);
  const Job waiting =
      guest().StartClient("source-after-eof 100000 7", "--expect=100000:7");
  FinishAll({busy[0]});
  const ClientResult result = guest().AwaitClient(waiting);
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
  FinishAll({busy[1], busy[2]});
}

TEST_P(QueueTest, FullQueueResetsTheNextClient) {
  Restart("--max_queue=1");
  AwaitAttached(3);
  const std::vector<Job> busy = StayingClients("busy", 3);
  const Job waiting = guest().StartClient("echo waiting", "--stay");
  EXPECT_EQ(guest().Client("echo refused").outcome(), "reset");
  EXPECT_TRUE(guest().AwaitGuestLog("NOTICE", kLimit));
  FinishAll({busy[0]});
  EXPECT_TRUE(service().Began("echo waiting", kLimit));
  FinishAll({busy[1], busy[2], waiting});
  EXPECT_FALSE(service().Began("echo refused"));
}

TEST_P(QueueTest, ClientThatWaitedTooLongIsReset) {
  Restart("--queue_timeout=5s");
  AwaitAttached(3);
  const std::vector<Job> busy = StayingClients("busy", 3);
  const ClientResult result = guest().Client("echo late");
  EXPECT_EQ(result.outcome(), "reset") << result;
  EXPECT_GE(result.seconds(), 4) << result;
  EXPECT_TRUE(guest().AwaitGuestLog("NOTICE", kLimit));
  FinishAll(busy);
  EXPECT_FALSE(service().Began("echo late"));
}

INSTANTIATE_TEST_SUITE_P(Vcpus, QueueTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
