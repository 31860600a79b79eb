// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/plan.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace vios::testing {
namespace {

std::string Text(const Round& round) {
  std::string text = absl::FormatDuration(round.before);
  for (const Connection& connection : round.connections) {
    absl::StrAppend(&text, "\n", connection.Command());
  }
  for (const PlannedFault& fault : round.faults) {
    absl::StrAppend(&text, "\n", Name(fault.fault), " ",
                    absl::FormatDuration(fault.lasts), " ", fault.which);
  }
  return text;
}

TEST(PlanTest, SeedAndIndexAloneMakeARound) {
  for (int index = 0; index < 100; ++index) {
    EXPECT_EQ(Text(DrawRound(7, index)), Text(DrawRound(7, index)));
    EXPECT_NE(Text(DrawRound(7, index)), Text(DrawRound(8, index)));
    EXPECT_NE(Text(DrawRound(7, index)), Text(DrawRound(7, index + 1)));
  }
}

// What a seed draws on one machine it draws on every other.
TEST(PlanTest, SeedMeansTheSameEverywhere) {
  const Round round = DrawRound(1, 0);
  EXPECT_EQ(Name(round.faults[0].fault), "none");
  EXPECT_EQ(round.connections.back().Request(),
            "answer 3267237 291672 1736546 860249 r0.7");
}

TEST(PlanTest, EveryFaultComesOncePerBag) {
  for (int bag = 0; bag < 5; ++bag) {
    std::set<Fault> faults;
    for (int i = 0; i < kFaults; ++i) {
      faults.insert(DrawRound(3, bag * kFaults + i).faults[0].fault);
    }
    EXPECT_EQ(faults.size(), size_t{kFaults});
  }
}

TEST(PlanTest, OverlappingFaultsHaveDifferentVictims) {
  int pairs = 0;
  for (int index = 0; index < 300; ++index) {
    const Round round = DrawRound(5, index);
    if (round.faults.size() < 2) continue;
    ++pairs;
    EXPECT_NE(VictimOf(round.faults[0].fault), VictimOf(round.faults[1].fault));
  }
  EXPECT_GT(pairs, 20);
}

TEST(PlanTest, StreamsHaveOneByteToEightMebibytes) {
  std::set<std::string> names;
  uint64_t least = 1000000;
  uint64_t most = 0;
  for (int index = 0; index < 300; ++index) {
    for (const Connection& connection : DrawRound(5, index).connections) {
      EXPECT_TRUE(names.insert(connection.name).second);
      for (const Content& content : {connection.up, connection.down}) {
        least = std::min(least, content.size);
        most = std::max(most, content.size);
      }
    }
  }
  EXPECT_EQ(least, 1u);
  EXPECT_LE(most, 8u << 20);
  EXPECT_GT(most, 7u << 20);
}

TEST(PlanTest, EveryRoundHasAConnectionThatStays) {
  for (int index = 0; index < 100; ++index) {
    EXPECT_TRUE(DrawRound(5, index).connections[0].stay);
  }
}

}  // namespace
}  // namespace vios::testing
