// SPDX-License-Identifier: Apache-2.0
// Each direction of a session ends by itself, and an abort is no end.
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

using HalfCloseTest = ProxyVmTestWithVcpus;

TEST_P(HalfCloseTest, ServiceAnswersAfterTheClientsEnd) {
  const ClientResult result =
      guest().Client("source-after-eof 10000000 5", "--expect=10000000:5");
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
}

TEST_P(HalfCloseTest, NetcatGetsItsAnswer) {
  const auto bytes = vm().Run(
      "printf 'source-after-eof 10000000 5\\n' | nc 127.0.0.1 5672 | wc -c",
      kLimit);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(*bytes, "10000000\n");
}

TEST_P(HalfCloseTest, ClientSendsOnAfterTheServicesEnd) {
  const ClientResult result =
      guest().Client("close-first bye",
                     "--nohalf_close --expect=0:0 --expect_tail=bye "
                     "--send_after_eof=10000000:6");
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
  EXPECT_EQ(result.Get("upload"), "clean-eof") << result;
  EXPECT_TRUE(service().Ended("close-first bye",
                              "outcome=clean-eof received=10000000", kLimit));
}

TEST_P(HalfCloseTest, ResetOfTheServiceIsAResetForTheClient) {
  EXPECT_EQ(guest().Client("reset").outcome(), "reset");
  const ClientResult result =
      guest().Client("source-reset 1000000 3", "--expect=1000000:3");
  EXPECT_EQ(result.outcome(), "reset") << result;
  EXPECT_TRUE(result.same()) << result;
}

TEST_P(HalfCloseTest, ResetOfTheClientIsAResetForTheService) {
  guest().Client("hold", "--vanish --stay --timeout=1s");
  EXPECT_TRUE(service().Ended("hold", "outcome=reset", kLimit));
  const Job killed = guest().StartClient("hold killed", "--vanish --stay");
  ASSERT_TRUE(service().Began("hold killed", kLimit));
  guest().SignalClient(killed, SIGKILL);
  EXPECT_TRUE(service().Ended("hold killed", "outcome=reset", kLimit));
}

TEST_P(HalfCloseTest, ChannelsAreFreeAgainAfterEachEnd) {
  for (int i = 0; i < 4; ++i) {  // More than there are channels.
    guest().Client("reset");
    guest().Client("source-after-eof 1000 5");
    guest().Client("hold", "--vanish");
  }
  ExpectChannelsWork(3);
}

INSTANTIATE_TEST_SUITE_P(Vcpus, HalfCloseTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
