// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_main.h"

#include <signal.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gtest/gtest.h"
#include "proxy/caretaker.h"
#include "proxy/daemon_status.h"
#include "proxy/service_manager.h"
#include "proxy/stop_signals.h"

namespace vios {
namespace {

// Has sessions until it has been asked `waits` times.
struct FakeProxy {
  int waits = 0;
  bool signal_again = false;
  bool draining = false;
  int tended = 0;

  void Drain() {
    draining = true;
    if (signal_again) ::kill(::getpid(), SIGTERM);
  }
  bool WaitDrained(Deadline) { return waits-- == 0; }
  void Tend() { ++tended; }
};

class DrainTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { TakeSignals(); }
  Caretaker caretaker_{ServiceManager::FromEnvironment(),
                       [] { return DaemonStatus(); },
                       [] { return absl::OkStatus(); }};
};

TEST_F(DrainTest, EndsWhenNoSessionIsLeft) {
  FakeProxy proxy{.waits = 3};
  EXPECT_TRUE(
      DrainProxy(proxy, caretaker_, StopBy::kSignal, absl::Seconds(100)));
  EXPECT_TRUE(proxy.draining);
  EXPECT_EQ(proxy.tended, 3);
}

TEST_F(DrainTest, EndsAtTheTimeout) {
  FakeProxy proxy{.waits = -1};
  EXPECT_FALSE(
      DrainProxy(proxy, caretaker_, StopBy::kSignal, absl::Milliseconds(10)));
}

TEST_F(DrainTest, EndsAtTheSecondSignal) {
  FakeProxy proxy{.waits = -1, .signal_again = true};
  EXPECT_FALSE(DrainProxy(proxy, caretaker_, StopBy::kSignal,
                          absl::ZeroDuration()));  // 0: no limit.
}

}  // namespace
}  // namespace vios
