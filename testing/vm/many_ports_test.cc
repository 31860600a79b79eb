// SPDX-License-Identifier: Apache-2.0
// More ports on one device than QEMU's queue of notices holds: the guest never
// hears of most hosts, until those leave and come back.
#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

constexpr int kPorts = 30;
constexpr int kHaste = 5;
// Clients wait until the last channel is back.
constexpr char kPatient[] = "--queue_timeout=120s";

class ManyPortsTest : public ProxyVmTest {
 protected:
  VmOptions Options() const override {
    VmOptions options;
    options.ports = kPorts;
    return options;
  }

  // To how many ports a host is attached as the guest's kernel knows it.
  int PortsWithHost() {
    const std::string count =
        vm().Run(
                "mount -t debugfs none /sys/kernel/debug 2>/dev/null; "
                "grep -l 'host_connected: 1' /sys/kernel/debug/virtio-ports/* "
                "| wc -l")
            .value_or("");
    int ports = -1;
    EXPECT_TRUE(absl::SimpleAtoi(count, &ports)) << count;
    return ports;
  }
};

TEST_F(ManyPortsTest, HostWasThereBeforeTheGuestBooted) {
  StopAll();
  StartService();
  StartHastyHost(kHaste);
  AwaitConnected(kPorts);
  // However long the guest takes to boot, the host stays attached.
  host().Signal(SIGSTOP);
  const absl::Status status = vm().Reset();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_LT(PortsWithHost(), kPorts) << "nothing was lost";
  host().Signal(SIGCONT);
  guest().StartGuest(kPatient);
  ExpectChannelsWork(kPorts);
  EXPECT_EQ(PortsWithHost(), kPorts);
}

TEST_F(ManyPortsTest, HostDaemonRestartedUnderLoad) {
  Restart(kPatient);
  const Job stream = guest().StartClient("source 100000000000 7 load",
                                         "--expect=100000000000:7");
  ASSERT_TRUE(service().Began("source 100000000000 7 load", kLimit));
  const std::vector<Job> clients = StayingClients("load", kPorts - 1);
  StopHost();
  StartHastyHost(kHaste);
  const ClientResult result = guest().AwaitClient(stream);
  EXPECT_EQ(result.outcome(), "reset") << result;
  EXPECT_TRUE(result.same()) << result;
  for (const Job& client : clients) {
    EXPECT_EQ(guest().AwaitClient(client).outcome(), "reset");
  }
  ExpectChannelsWork(kPorts);
}

}  // namespace
}  // namespace vios::testing
