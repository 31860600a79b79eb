// SPDX-License-Identifier: Apache-2.0
#include "proxy/active_count.h"

#include <sys/time.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gtest/gtest.h"

namespace {

std::atomic<time_t> wall_ahead = 0;  // Seconds.

}  // namespace

// In place of the C library's, for all of this program: a wall clock that will
// have been set back by the time that was reckoned from it.
extern "C" int gettimeofday(timeval* now, void*) noexcept {
  timespec real = {};
  const int status = ::clock_gettime(CLOCK_REALTIME, &real);
  now->tv_sec = real.tv_sec + wall_ahead;
  now->tv_usec = real.tv_nsec / 1000;
  return status;
}

namespace vios {
namespace {

TEST(ActiveCountTest, WaitsForTheLastOne) {
  ActiveCount count;
  std::optional<ActiveCount::Hold> one(count);
  std::optional<ActiveCount::Hold> other(count);
  one.reset();
  EXPECT_FALSE(count.AwaitNone(Deadline::After(absl::Milliseconds(20))));
  std::thread ends([&] { other.reset(); });
  EXPECT_TRUE(count.AwaitNone(Deadline::Never()));
  ends.join();
}

// By Abseil's own wait, which reckons once when it ends, this takes a minute.
TEST(ActiveCountTest, AWallClockThatIsSetBackHoldsNobodyUp) {
  ActiveCount count;
  const ActiveCount::Hold one(count);
  wall_ahead = 60;
  const Clock::time_point begin = Clock::now();
  EXPECT_FALSE(count.AwaitNone(Deadline::After(absl::Milliseconds(100))));
  wall_ahead = 0;
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
}

TEST(ActiveCountTest, NoneIsNoneEvenWhenTheTimeIsOver) {
  ActiveCount count;
  EXPECT_TRUE(count.AwaitNone(Deadline::After(absl::ZeroDuration())));
}

}  // namespace
}  // namespace vios
