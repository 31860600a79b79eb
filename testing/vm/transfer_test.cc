// SPDX-License-Identifier: Apache-2.0
// Long streams through a real guest arrive whole, either way and both.
#include <iostream>

#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

using TransferTest = ProxyVmTestWithVcpus;

void ExpectClean(const ClientResult& result) {
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
  std::cout << result << std::endl;
}

TEST_P(TransferTest, HundredMegabytesUpArriveWhole) {
  ExpectClean(guest().Client(
      "sink", "--send=100000000:1 --expect=0:0 --expect_report"));
  EXPECT_TRUE(
      service().Ended("sink", "outcome=clean-eof received=100000000", kLimit));
}

TEST_P(TransferTest, HundredMegabytesDownArriveWhole) {
  ExpectClean(guest().Client("source 100000000 2", "--expect=100000000:2"));
}

TEST_P(TransferTest, HundredMegabytesBothWaysAtOnceArriveWhole) {
  ExpectClean(guest().Client(
      "both 100000000 3 100000000 4",
      "--send=100000000:4 --expect=100000000:3 --expect_report"));
}

TEST_P(TransferTest, ThreeTransfersAtOnceArriveWhole) {
  const Job up = guest().StartClient(
      "sink", "--send=20000000:1 --expect=0:0 --expect_report");
  const Job down =
      guest().StartClient("source 20000000 2", "--expect=20000000:2");
  const Job both = guest().StartClient(
      "both 20000000 3 20000000 4",
      "--send=20000000:4 --expect=20000000:3 --expect_report");
  ExpectClean(guest().AwaitClient(up));
  ExpectClean(guest().AwaitClient(down));
  ExpectClean(guest().AwaitClient(both));
}

TEST_P(TransferTest, SlowReaderGetsEverything) {
  ExpectClean(guest().Client("source 3000000 5",
                             "--expect=3000000:5 --read_delay=20ms"));
}

TEST_P(TransferTest, StalledSessionSlowsNobodyElse) {
  const Job stalled = guest().StartClient("stall", "--send=50000000:1");
  ASSERT_TRUE(service().Began("stall", kLimit));
  ExpectClean(guest().Client("source 10000000 2", "--expect=10000000:2"));
  EXPECT_EQ(guest().AwaitClient(stalled, absl::ZeroDuration()).line(),
            "still running");
}

INSTANTIATE_TEST_SUITE_P(Vcpus, TransferTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
