// SPDX-License-Identifier: Apache-2.0
// What QEMU does not tell the guest of its host, or tells too late: after each,
// a cut stream is a reset, and every channel works again by itself.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

// Too long to be over before somebody leaves.
constexpr char kEndless[] = "source 100000000000 7 endless";
constexpr char kExpectEndless[] = "--expect=100000000000:7";
constexpr int kHaste = 20;

class HostEndTest : public ProxyVmTest {
 protected:
  // One session with bytes down, one with bytes up, one with none.
  void StartSessions() {
    sessions_ = {guest().StartClient(kEndless, kExpectEndless),
                 guest().StartClient("sink up", "--send=100000000000:7"),
                 guest().StartClient("hold silent", "--stay")};
    ASSERT_TRUE(service().Began(kEndless, kLimit));
    ASSERT_TRUE(service().Began("sink up", kLimit));
    ASSERT_TRUE(service().Began("hold silent", kLimit));
  }
  void ExpectSessionsReset() {
    for (const Job& session : sessions_) {
      const ClientResult result = guest().AwaitClient(session);
      EXPECT_EQ(result.outcome(), "reset") << result;
      EXPECT_TRUE(result.same()) << result;
    }
    EXPECT_TRUE(service().Ended("sink up", "outcome=reset", kLimit));
    EXPECT_TRUE(service().Ended("hold silent", "outcome=reset", kLimit));
  }

 private:
  std::vector<Job> sessions_;
};

// QEMU serves one client of a socket; the next waits until that has left and is
// there at once: the guest hardly sees anything.
TEST_F(HostEndTest, ClosedAndReopenedAtOnceInMidSession) {
  StartSessions();
  std::unique_ptr<Process> first = TakeHost();
  StartHastyHost(kHaste, {"--channels=[0-9]"});
  AwaitConnected(3);
  first.reset();
  ExpectSessionsReset();
  ExpectChannelsWork(3);
}

// What a host end has written is lost when it closes too early.
TEST_F(HostEndTest, DaemonStoppedRightAfterALargeAnswer) {
  StopHost();
  StartHost({"--drain_timeout=100s"});
  const std::string answer = "source 30000000 4 answer";
  const Job client =
      guest().StartClient(answer, "--expect=30000000:4 --read_delay=15ms");
  ASSERT_TRUE(service().Ended(answer, "outcome=clean-eof", kLimit));
  EXPECT_EQ(guest().AwaitClient(client, absl::ZeroDuration()).line(),
            "still running")
      << "nothing was in flight";
  host().Signal(SIGTERM);
  const ClientResult result = guest().AwaitClient(client);
  EXPECT_EQ(result.outcome(), "clean-eof") << result;
  EXPECT_EQ(host().Wait(kLimit), 0);
  StartHost();
  ExpectChannelsWork(3);
}

// The guest believes that its old host is still there, and QEMU gives what it
// writes to nobody.
TEST_F(HostEndTest, DaemonRestartedWhileTheGuestIsPaused) {
  StartSessions();
  ASSERT_TRUE(vm().Pause().ok());
  StopHost();
  StartHastyHost(kHaste);
  AwaitConnected(3);
  ASSERT_TRUE(vm().Continue().ok());
  ExpectSessionsReset();
  ExpectChannelsWork(3);
}

// An idle guest learns nothing either, and asks for a session in vain.
TEST_F(HostEndTest, DaemonKilledWhileTheGuestIsPausedAndBackLater) {
  ASSERT_TRUE(vm().Pause().ok());
  StopHost();
  ASSERT_TRUE(vm().Continue().ok());
  const Job early = guest().StartClient("echo early", "--stay");
  StartHastyHost(kHaste);
  EXPECT_TRUE(service().Began("echo early", kLimit));
  FinishAll({early});
  ExpectChannelsWork(3);
}

}  // namespace
}  // namespace vios::testing
