// SPDX-License-Identifier: Apache-2.0
// A service that is down costs its client a reset, and nothing afterwards.
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

using ServiceTest = ProxyVmTestWithVcpus;

TEST_P(ServiceTest, ClientIsResetAtOnceWhileTheServiceIsDown) {
  StopService();
  for (int i = 0; i < 4; ++i) {  // More than there are channels.
    const ClientResult result = guest().Client("echo");
    EXPECT_EQ(result.outcome(), "reset") << result;
    EXPECT_LT(result.seconds(), absl::ToDoubleSeconds(kPromptly)) << result;
  }
}

TEST_P(ServiceTest, NextClientIsServedOnceTheServiceIsUp) {
  StopService();
  EXPECT_EQ(guest().Client("echo").outcome(), "reset");
  StartService();
  const ClientResult result =
      guest().Client("source 1000000 3", "--expect=1000000:3");
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
  ExpectChannelsWork(3);
}

TEST_P(ServiceTest, ServiceThatWasReplacedIsServedByAllChannels) {
  const std::vector<Job> clients = StayingClients("cut", 3);
  StopService();
  StartService();
  for (const Job& client : clients) {
    // Of a killed process that had read everything the kernel says the end.
    const ClientResult result = guest().AwaitClient(client);
    EXPECT_EQ(result.outcome(), "clean-eof") << result;
  }
  ExpectChannelsWork(3);
}

INSTANTIATE_TEST_SUITE_P(Vcpus, ServiceTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
