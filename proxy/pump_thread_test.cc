// SPDX-License-Identifier: Apache-2.0
#include "proxy/pump_thread.h"

#include <pthread.h>
#include <sched.h>

#include <string>
#include <thread>

#include "absl/status/status.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "gtest/gtest.h"
#include "proxy/thread.h"

namespace vios {
namespace {

TEST(PumpThreadTest, RunsOnePumpAfterTheOther) {
  Cancel cancel;
  auto pump = *PumpThread::Start("down:test", cancel);
  int runs = 0;
  for (int i = 0; i < 100; ++i) {
    pump->Begin([&runs] { ++runs; });
    pump->Join();
    EXPECT_EQ(runs, i + 1);
  }
}

TEST(PumpThreadTest, JoinWithoutAPumpReturns) {
  Cancel cancel;
  auto pump = *PumpThread::Start("down:test", cancel);
  pump->Join();
}

TEST(PumpThreadTest, CarriesItsName) {
  Cancel cancel;
  auto pump = *PumpThread::Start("down:0123456789abcdef", cancel);
  std::string name(16, '\0');
  pump->Begin([&name] {
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
  });
  pump->Join();
  EXPECT_EQ(name.c_str(), std::string("down:0123456789"));
}

TEST(PumpThreadTest, IsPromptWhateverItsOwnerIs) {
  Cancel cancel;
  int scheduler = -1;
  std::thread([&] {
    SetWokenThread(WokenThread::kPatient);
    auto pump = *PumpThread::Start("down:test", cancel);
    pump->Begin([&scheduler] { scheduler = ::sched_getscheduler(0); });
    pump->Join();
  }).join();
  EXPECT_EQ(scheduler, SCHED_OTHER);
}

TEST(PumpThreadTest, ItsWakeupEndsAWaitWhenTheCancelFires) {
  Cancel cancel;
  auto pump = *PumpThread::Start("down:test", cancel);
  absl::Status waited;
  pump->Begin([&] {
    waited = WaitForRing(Deadline::After(absl::Seconds(20)), pump->wakeup());
  });
  cancel.Fire();
  pump->Join();
  EXPECT_TRUE(absl::IsCancelled(waited)) << waited;
}

}  // namespace
}  // namespace vios
