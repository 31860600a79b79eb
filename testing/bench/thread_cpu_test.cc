// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/thread_cpu.h"

#include <unistd.h>

#include <thread>

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

void Work() {
  volatile int work = 0;
  while (work < 30'000'000) work = work + 1;
}

TEST(ThreadCpu, NamesThreadsByWhatTheyDo) {
  EXPECT_EQ(KindOfThread("up:qpid.3"), "up");
  EXPECT_EQ(KindOfThread("supervisor"), "supervisor");
}

TEST(ThreadCpu, AddsUpTheKinds) {
  const CpuByKind cpu = {{"up", {2, 0.5}}, {"down", {1, 0.25}}};
  EXPECT_EQ(TotalSeconds(cpu), 0.75);
  EXPECT_EQ(SecondsOf(cpu, "up"), 0.5);
  EXPECT_EQ(SecondsOf(cpu, "none"), 0);
}

TEST(ThreadCpu, SeesThisProcessWork) {
  const auto before = ReadThreadCpu(::getpid());
  ASSERT_TRUE(before.ok()) << before.status();
  Work();
  const auto after = ReadThreadCpu(::getpid());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_GT(TotalSeconds(*after), TotalSeconds(*before));
}

TEST(ThreadCpu, SeesAThreadThatHasEndedInItsProcess) {
  const auto before = ReadProcessCpu(::getpid());
  ASSERT_TRUE(before.ok()) << before.status();
  std::thread(Work).join();
  const auto after = ReadProcessCpu(::getpid());
  ASSERT_TRUE(after.ok()) << after.status();
  const auto rest = ReadThreadCpu(::getpid());
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_GT(*after, *before);
  EXPECT_GT(*after, TotalSeconds(*rest));
}

TEST(ThreadCpu, FailsForAProcessThatIsNotThere) {
  EXPECT_FALSE(ReadThreadCpu(-1).ok());
  EXPECT_FALSE(ReadProcessCpu(-1).ok());
  EXPECT_FALSE(ReadProcessCpu(0).ok());
  // Linux gives none that is greater.
  EXPECT_FALSE(ReadProcessCpu((1 << 22) + 1).ok());
}

}  // namespace
}  // namespace vios::testing
