// SPDX-License-Identifier: Apache-2.0
// Channels that come and go while sessions run.
#include <csignal>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

class HotPlugTest : public ProxyVmTestWithVcpus {
 protected:
  void Plug(int port) {
    const absl::Status status = vm().HotPlugPort(
        absl::StrCat("qpid.", port), vm().SocketPath(absl::StrCat(port)));
    ASSERT_TRUE(status.ok()) << status;
  }
  void Unplug(int port) {
    const absl::Status status = vm().UnplugPort(absl::StrCat("qpid.", port));
    ASSERT_TRUE(status.ok()) << status;
  }
  bool GuestHasDirectory() {
    return vm().Run("test -d /dev/virtio-ports").ok();
  }
};

TEST_P(HotPlugTest, NewPortIsUsedAtOnce) {
  // Nobody looks for it before the test is over.
  Restart("--rescan_interval=1h --queue_timeout=1h", {"--rescan_interval=1h"});
  const std::vector<Job> busy = StayingClients("busy", 3);
  const Job fourth = guest().StartClient("echo fourth", "--stay");
  Plug(3);
  EXPECT_TRUE(service().Began("echo fourth", kLimit));
  FinishAll({busy[0], busy[1], busy[2], fourth});
  Unplug(3);
}

TEST_P(HotPlugTest, UnpluggedPortResetsItsClientAndNothingElse) {
  const std::vector<Job> busy = StayingClients("busy", 3);
  for (int round = 0; round < 2; ++round) {  // The same name works again.
    // Only the new port is free, so that this is its client.
    const std::string request = absl::StrCat("hold victim", round);
    const Job victim = guest().StartClient(request, "--stay");
    Plug(3);
    ASSERT_TRUE(service().Began(request, kLimit));
    Unplug(3);
    const ClientResult result = guest().AwaitClient(victim);
    EXPECT_EQ(result.outcome(), "reset") << result;
    EXPECT_TRUE(service().Ended(request, "outcome=reset", kLimit));
  }
  FinishAll(busy);
  ExpectChannelsWork(3);
}

TEST_P(HotPlugTest, DirectoryThatWentAwayAndCameBackIsUsedAgain) {
  for (int port = 0; port < 3; ++port) Unplug(port);
  EXPECT_TRUE(Eventually(kLimit, [&] { return !GuestHasDirectory(); }));
  EXPECT_TRUE(guest().AwaitGuestLog("ERROR", kLimit));
  EXPECT_EQ(guest().AwaitGuestEnd(absl::ZeroDuration()), "running");
  for (int port = 0; port < 3; ++port) Plug(port);
  ExpectChannelsWork(3);
}

INSTANTIATE_TEST_SUITE_P(Vcpus, HotPlugTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
