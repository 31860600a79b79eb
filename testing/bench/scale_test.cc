// SPDX-License-Identifier: Apache-2.0
// The program of the scale bench does its work: what it finds is no matter
// here.
#include <string>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "testing/vm/process.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(4);

TEST(Scale, MeasuresAHandfulOfChannels) {
  const ScratchDir dir;
  const auto bench = Process::Start(
      {Runfile("testing/bench/scale"), "--quick", "--channels=2,4",
       "--per_guest=2", "--ports=1,2", "--busy=2", "--idle_ms=300",
       "--window_ms=50", "--json=" + (dir / "json")},
      dir / "log");
  ASSERT_TRUE(bench.ok()) << bench.status();
  EXPECT_EQ((*bench)->Wait(kPatience), 0) << (*bench)->Log();
  for (const char* part : {"channels", "4 sessions", "2 streams at once",
                           "ours / bare copy loop", "ports", "goals:"}) {
    EXPECT_TRUE(absl::StrContains((*bench)->Log(), part)) << part;
  }
  EXPECT_TRUE(absl::StartsWith(FileText(dir / "json"), "{"));
}

TEST(Scale, FailsWithTwoForWhatCannotBe) {
  const ScratchDir dir;
  const auto bench = Process::Start(
      {Runfile("testing/bench/scale"), "--channels=1000000000"}, dir / "log");
  ASSERT_TRUE(bench.ok()) << bench.status();
  EXPECT_EQ((*bench)->Wait(kPatience), 2);
  EXPECT_TRUE(absl::StrContains((*bench)->Log(), "open files"))
      << (*bench)->Log();
}

}  // namespace
}  // namespace vios::testing
