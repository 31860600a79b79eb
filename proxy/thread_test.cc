// SPDX-License-Identifier: Apache-2.0
#include "proxy/thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/sanitizer.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

std::string NameOfThisThread() {
  char name[16] = "";
  ::pthread_getname_np(::pthread_self(), name, sizeof(name));
  return name;
}

std::string NameInThread(const std::string& wanted) {
  std::string seen;
  absl::StatusOr<std::thread> thread =
      StartThread(wanted, [&] { seen = NameOfThisThread(); });
  EXPECT_TRUE(thread.ok()) << thread.status();
  if (thread.ok()) thread->join();
  return seen;
}

TEST(ThreadTest, RunsUnderItsName) {
  EXPECT_EQ(NameInThread("up:q.0"), "up:q.0");
}

TEST(ThreadTest, CutsLongNames) {
  EXPECT_EQ(NameInThread("0123456789abcdefgh"), "0123456789abcde");
}

TEST(ThreadTest, APatientThreadTakesNoProcessorWhenItIsWoken) {
  const int policy = ::sched_getscheduler(0);
  if (policy != SCHED_OTHER && policy != SCHED_BATCH) {
    GTEST_SKIP() << "somebody wants another policy";
  }
  int patient = -1, prompt = -1;
  auto thread = StartThread("one", [&] {
    SetWokenThread(WokenThread::kPatient);
    patient = ::sched_getscheduler(0);
    SetWokenThread(WokenThread::kPrompt);
    prompt = ::sched_getscheduler(0);
  });
  ASSERT_TRUE(thread.ok()) << thread.status();
  thread->join();
  EXPECT_EQ(patient, SCHED_BATCH);
  EXPECT_EQ(prompt, SCHED_OTHER);
}

TEST(ThreadTest, AnotherPolicyIsLeftAlone) {
  int policy = -1;
  auto thread = StartThread("one", [&] {
    const sched_param none = {};
    EXPECT_EQ(::sched_setscheduler(0, SCHED_IDLE, &none), 0);
    SetWokenThread(WokenThread::kPrompt);
    policy = ::sched_getscheduler(0);
  });
  ASSERT_TRUE(thread.ok()) << thread.status();
  thread->join();
  EXPECT_EQ(policy, SCHED_IDLE);
}

TEST(ThreadTest, StacksAreSmall) {
  size_t size = 0;
  auto thread = StartThread("one", [&size] {
    pthread_attr_t attributes;
    ASSERT_EQ(::pthread_getattr_np(::pthread_self(), &attributes), 0);
    EXPECT_EQ(::pthread_attr_getstacksize(&attributes, &size), 0);
    (void)::pthread_attr_destroy(&attributes);
  });
  ASSERT_TRUE(thread.ok()) << thread.status();
  thread->join();
  EXPECT_LE(size, size_t{256} * 1024);
  EXPECT_GT(size, 0);
}

// Only unprivileged users are held to the number of their threads.
int StartWithoutAnyLeft() {
  if (::setresuid(64001, 64001, 64001) != 0) return 2;
  const rlimit none = {0, 0};
  if (::setrlimit(RLIMIT_NPROC, &none) != 0) return 3;
  absl::StatusOr<std::thread> thread = StartThread("one", [] {});
  if (thread.ok()) thread->join();
  return absl::IsResourceExhausted(thread.status()) ? 0 : 1;
}

TEST(ThreadTest, NoMoreThreadsIsAStatus) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(StartWithoutAnyLeft());
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "no other users in here";
  EXPECT_EQ(status, 0);
}

// So many that what Abseil holds for the first ones is not enough for all.
constexpr size_t kWaiters = 400;

void WaitForNothing(absl::Mutex& mu) {
  absl::CondVar never;
  absl::MutexLock lock(&mu);
  (void)never.WaitWithTimeout(&mu, absl::ZeroDuration());
}

// From here on the system gives the process no more.
bool TakeAllMemory() {
  const rlimit none = {1, 1};
  return ::setrlimit(RLIMIT_AS, &none) == 0;
}

[[noreturn]] void WaitForLocksWithoutMemory() {
  absl::Mutex mu;
  std::barrier started(kWaiters + 1), taken(kWaiters + 1);
  std::vector<std::thread> waiters;
  while (waiters.size() < kWaiters) {
    auto waiter = StartThread("waiter", [&] {
      started.arrive_and_wait();
      taken.arrive_and_wait();
      WaitForNothing(mu);
    });
    if (!waiter.ok()) ::_exit(2);
    waiters.push_back(*std::move(waiter));
  }
  started.arrive_and_wait();
  if (!TakeAllMemory()) ::_exit(3);
  taken.arrive_and_wait();
  WaitForNothing(mu);
  for (std::thread& waiter : waiters) waiter.join();
  ::_exit(0);
}

class ThreadWithoutMemoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kAddressSanitizer) {
      GTEST_SKIP() << "a sanitizer ends the process itself";
    }
    // In a process where Abseil holds nothing yet.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  }
};

TEST_F(ThreadWithoutMemoryTest, WaitsForLocks) {
  EXPECT_EXIT(WaitForLocksWithoutMemory(), ::testing::ExitedWithCode(0), "");
}

// On a thread that has never waited for a lock.
int StartWithoutMemory() {
  int status = 1;
  std::thread fresh([&status] {
    void* volatile kept_for_the_status = std::malloc(100'000);
    std::free(kept_for_the_status);
    if (!TakeAllMemory()) return;
    absl::StatusOr<std::thread> thread = StartThread("one", [] {});
    if (thread.ok()) thread->join();
    if (absl::IsResourceExhausted(thread.status())) status = 0;
  });
  fresh.join();
  return status;
}

TEST_F(ThreadWithoutMemoryTest, OneMoreIsAStatus) {
  EXPECT_EXIT(::_exit(StartWithoutMemory()), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace vios
