// SPDX-License-Identifier: Apache-2.0
// Waits and deadlines where the rough time is as far behind as it ever should
// be, and further.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "gtest/gtest.h"

namespace {

constexpr int64_t kBehindNs = 60'000'000;
std::atomic<int> exact_times = 0;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  if (clock == CLOCK_MONOTONIC) ++exact_times;
  const bool coarse = clock == CLOCK_MONOTONIC_COARSE;
  const clockid_t asked = coarse ? CLOCK_MONOTONIC : clock;
  const long status = ::syscall(SYS_clock_gettime, asked, now);
  if (!coarse) return static_cast<int>(status);
  const int64_t behind =
      now->tv_sec * 1'000'000'000LL + now->tv_nsec - kBehindNs;
  *now = {behind / 1'000'000'000, behind % 1'000'000'000};
  return 0;
}

namespace vios {
namespace {

TEST(SlowTick, TheRoughTimeIsBehind) {
  const Clock::time_point rough = RoughNow();
  EXPECT_LE(rough, Clock::now() - std::chrono::nanoseconds(kBehindNs));
}

TEST(SlowTick, ADeadlinePassesAtItsExactTime) {
  EXPECT_TRUE(Deadline::After(absl::ZeroDuration()).passed());
  const Deadline soon = Deadline::After(absl::Milliseconds(30));
  while (Clock::now() < soon.when()) {
  }
  EXPECT_TRUE(soon.passed());
}

TEST(SlowTick, AWaitEndsInOneTurn) {
  Cancel cancel;
  auto wakeup = *Wakeup::Create(cancel);
  for (int i = 0; i < 20; ++i) {
    const Deadline soon = Deadline::After(absl::Milliseconds(10));
    EXPECT_TRUE(absl::IsDeadlineExceeded(WaitForRing(soon, *wakeup)));
    EXPECT_GE(Clock::now(), soon.when());
  }
}

TEST(SlowTick, AFarDeadlineIsJudgedByTheRoughTime) {
  const Deadline later = Deadline::After(absl::Hours(1));
  const int before = exact_times;
  EXPECT_FALSE(later.passed());
  EXPECT_GT(later.RoughlyRemaining(), std::chrono::minutes(59));
  EXPECT_EQ(exact_times, before);
}

}  // namespace
}  // namespace vios
