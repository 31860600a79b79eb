// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/tally.h"

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/campaign/fault.h"

namespace vios::testing {
namespace {

using ::testing::ContainsRegex;

TEST(TallyTest, EachFaultOfARoundIsCountedAndTheRoundOnce) {
  Tally tally;
  tally.Add({.faults = {Fault::kHostKilled, Fault::kVmPaused},
             .clean = 5,
             .resets = 2,
             .ended = absl::Milliseconds(1500),
             .wrong = {"a", "b"}});
  tally.Add({.faults = {Fault::kVmPaused},
             .clean = 3,
             .meant = 1,
             .served = absl::Seconds(2)});
  EXPECT_EQ(tally.rounds(), 2);
  EXPECT_EQ(tally.wrong(), 2);
  const std::string table = tally.Table();
  EXPECT_THAT(table, ContainsRegex("host daemon killed +1 +5 +2 +0 +1.5 s +"
                                   "0.0 s +2\n"));
  EXPECT_THAT(table,
              ContainsRegex("guest paused +2 +8 +2 +1 +1.5 s +2.0 s +2\n"));
  EXPECT_THAT(table,
              ContainsRegex("all rounds +2 +8 +2 +1 +1.5 s +2.0 s +2\n"));
}

}  // namespace
}  // namespace vios::testing
