// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/crowd.h"

#include <fcntl.h>

#include "absl/time/time.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

// A line without anything in the middle.
std::unique_ptr<Line> DirectLine() {
  FdPair pair = ConnectedPair();
  (void)::fcntl(pair.ours.get(), F_SETFL, 0);
  return std::make_unique<Line>(std::move(pair.ours), std::move(pair.theirs));
}

TEST(Crowd, StreamsOnEveryLineAndLeavesThemEmpty) {
  const auto a = DirectLine();
  const auto b = DirectLine();
  for (const Direction direction : {Direction::kUp, Direction::kDown}) {
    Crowd crowd({a.get(), b.get()}, direction);
    EXPECT_TRUE(Eventually(absl::Seconds(30), [&crowd] {
      const auto taken = crowd.Taken();
      return taken[0] > 1'000'000 && taken[1] > 1'000'000;
    }));
    const absl::Status stopped = crowd.Stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
  }
  // What was left would be taken for an answer, and the next one be too many.
  EXPECT_TRUE(RoundTrips(*a, absl::ZeroDuration()).ok());
}

TEST(Crowd, FailsWhenALineBreaks) {
  const auto line = DirectLine();
  FdPair pair = ConnectedPair();
  Line broken(std::move(pair.ours), UniqueFd());
  Crowd crowd({line.get(), &broken}, Direction::kUp);
  EXPECT_FALSE(crowd.Stop().ok());
}

TEST(RoundTrips, AreAtLeastOne) {
  const auto line = DirectLine();
  const auto trips = RoundTrips(*line, absl::ZeroDuration());
  ASSERT_TRUE(trips.ok()) << trips.status();
  ASSERT_EQ(trips->size(), 1u);
  EXPECT_GT(trips->front(), 0);
}

}  // namespace
}  // namespace vios::testing
