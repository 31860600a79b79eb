// SPDX-License-Identifier: Apache-2.0
// Whose ports are ours, and that one daemon at a time has them.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/process.h"
#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/runfile.h"
#include "testing/vm/stream.h"

namespace vios::testing {
namespace {

constexpr char kAgentPort[] = "org.qemu.guest_agent.0";

class FilterTest : public ProxyVmTestWithVcpus {
 protected:
  VmOptions Options() const override {
    VmOptions options = ProxyVmTestWithVcpus::Options();
    options.other_ports = {kAgentPort, "acme.0"};
    return options;
  }

  // Opening a port that somebody has open fails with EBUSY.
  bool IsTaken(const std::string& port) {
    return !vm().Run(absl::StrCat("exec 3<>/dev/virtio-ports/", port)).ok();
  }
  bool IsSoonTaken(const std::string& port) {
    return Eventually(kLimit, [&] { return IsTaken(port); });
  }
};

TEST_P(FilterTest, DefaultLeavesTheAgentsPortAlone) {
  EXPECT_TRUE(IsSoonTaken("qpid.0"));
  EXPECT_TRUE(IsSoonTaken("acme.0"));
  ExpectChannelsWork(4);
  EXPECT_FALSE(IsTaken(kAgentPort));
}

TEST_P(FilterTest, AgentStillTalksToItsHost) {
  ExpectChannelsWork(4);
  const auto line =
      Stream::Connect(vm().SocketPath(kAgentPort), Deadline::After(kLimit));
  ASSERT_TRUE(line.ok()) << line.status();
  ASSERT_TRUE(
      vm().Run("echo mine >/dev/virtio-ports/" + std::string(kAgentPort)).ok());
  EXPECT_EQ((*line)->ReadThrough("\n", Deadline::After(kLimit)).value_or(""),
            "mine\n");
}

TEST_P(FilterTest, GlobsTakeWhatTheyMatch) {
  Restart("--channels='qpid.[01]'");
  EXPECT_TRUE(IsSoonTaken("qpid.0"));
  EXPECT_TRUE(IsSoonTaken("qpid.1"));
  ExpectChannelsWork(2);
  EXPECT_FALSE(IsTaken("qpid.2"));
  EXPECT_FALSE(IsTaken("acme.0"));
}

TEST_P(FilterTest, ExplicitGlobTakesWellKnownNamesToo) {
  Restart("--channels='org.qemu.*,qpid.0'");
  EXPECT_TRUE(IsSoonTaken(kAgentPort));
  EXPECT_FALSE(IsTaken("qpid.1"));
}

TEST_P(FilterTest, HostTakesOnlyWhatItsGlobsMatch) {
  Restart("", {"--channels=0,1"});
  ExpectChannelsWork(2);
  // Nobody else is on this socket: a second client would hear nothing.
  const auto line =
      Stream::Connect(vm().SocketPath("2"), Deadline::After(kLimit));
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_TRUE((*line)->ReadSome(Deadline::After(kLimit)).ok());
}

TEST_P(FilterTest, SecondGuestDaemonOnTheSamePortsIsRefused) {
  const auto second =
      vm().agent().Run("vios-proxy-guest /dev/virtio-ports 5673", kLimit);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->end, "exit 1");
  const std::string holder = vm().Run("pidof vios-proxy-guest").value_or("?");
  EXPECT_TRUE(
      absl::StrContains(second->err, holder.substr(0, holder.find('\n'))))
      << second->err << " does not name " << holder;
}

TEST_P(FilterTest, SecondHostDaemonOnTheSameDirectoryIsRefused) {
  ExpectChannelsWork(3);
  const ScratchDir temp;
  const auto second = Process::Start(
      {Runfile("proxy/vios-proxy-host"), vm().guests_directory(), "5673"},
      temp / "log");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ((*second)->Wait(kLimit), 1);
  EXPECT_TRUE(absl::StrContains((*second)->Log(), absl::StrCat(host().pid())))
      << (*second)->Log();
  ExpectChannelsWork(3);
}

TEST_P(FilterTest, DaemonsWithOtherGlobsShareADirectory) {
  Restart("--channels='qpid.*'");
  const auto second = vm().agent().Start(
      "vios-proxy-guest /dev/virtio-ports 5673 INFO '--channels=acme.*'");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(IsSoonTaken("acme.0"));
  ExpectChannelsWork(3);
}

INSTANTIATE_TEST_SUITE_P(Vcpus, FilterTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
