// SPDX-License-Identifier: Apache-2.0
// A guest taken back to a snapshot: its streams are rewound, the host's are
// not, and no client may be handed what does not follow.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/vm_states.h"

namespace vios::testing {
namespace {

class SnapshotTest : public ProxyVmTest {
 protected:
  VmOptions Options() const override {
    VmOptions options;
    options.snapshots = true;
    return options;
  }
  void Save() {
    const absl::Status status = SaveSnapshot(vm(), "past");
    ASSERT_TRUE(status.ok()) << status;
  }
  void Load() {
    const absl::Status status = LoadSnapshot(vm(), "past");
    ASSERT_TRUE(status.ok()) << status;
  }
};

TEST_F(SnapshotTest, SessionsThatWentOnAreReset) {
  const std::string down = "source 100000000000 7 down";
  const Job stream = guest().StartClient(down, "--expect=100000000000:7");
  ASSERT_TRUE(service().Began(down, kLimit));
  const std::vector<Job> idle = StayingClients("idle", 1);
  Save();
  EXPECT_EQ(guest().Client("echo later", "--send=9:9 --expect=9:9").outcome(),
            "clean-eof");
  Load();
  const ClientResult result = guest().AwaitClient(stream);
  EXPECT_EQ(result.outcome(), "reset") << result;
  EXPECT_TRUE(result.same()) << result;
  FinishAll(idle);
  ExpectChannelsWork(3);
}

// The guest remembers sessions that the host has ended.
TEST_F(SnapshotTest, SessionsThatHaveEndedSinceAreReset) {
  const std::vector<Job> clients = StayingClients("ended", 2);
  Save();
  FinishAll(clients);
  Load();
  for (const Job& client : clients) {
    const ClientResult result = guest().FinishClient(client);
    EXPECT_EQ(result.outcome(), "reset") << result;
  }
  ExpectChannelsWork(3);
}

}  // namespace
}  // namespace vios::testing
