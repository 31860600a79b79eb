// SPDX-License-Identifier: Apache-2.0
// Traffic through a real guest while everything around it fails in turn; see
// tools/campaign. Exits 0 when no connection was damaged or stuck, 1 when one
// was, 2 when the harness itself failed.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "gflags/gflags.h"
#include "testing/campaign/plan.h"
#include "testing/campaign/play.h"
#include "testing/campaign/tally.h"
#include "testing/campaign/world.h"

DEFINE_double(minutes, 2, "how long new rounds begin");
DEFINE_uint64(seed, 1, "what rounds are drawn from");
DEFINE_int32(ports, 4, "channels of the guest");
DEFINE_int32(first, 0, "the round to begin with");
DEFINE_int32(rounds, 0, "at most that many rounds; 0: any number");
DEFINE_string(without, "", "leave out the rounds of this fault, by name");
DEFINE_bool(list, false, "only print what would happen, 100 rounds of it");
DEFINE_string(logs, "", "directory for the processes' logs; empty: none stay");

namespace vios::testing {
namespace {

void Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::string FaultsOf(const Round& round) {
  return absl::StrJoin(round.faults, " + ",
                       [](std::string* out, const PlannedFault& it) {
                         absl::StrAppend(out, Name(it.fault));
                       });
}

void PrintRound(const RoundResult& result, World& world) {
  Print(absl::StrFormat(
      "%2d clean, %2d reset, %d gave up; ended after %s, served %s later",
      result.clean, result.resets, result.meant, Seconds(result.ended),
      Seconds(result.served)));
  if (result.wrong.empty()) {
    Print("\n");
    return;
  }
  Print(absl::StrCat("\nVIOLATION (--seed=", FLAGS_seed, ")\n  ",
                     absl::StrJoin(result.wrong, "\n  "), "\n",
                     world.LogTails()));
}

absl::Status Play(World& world, Tally& tally) {
  Campaign campaign(world);
  const absl::Time start = absl::Now();
  const absl::Duration length = absl::Minutes(FLAGS_minutes);
  for (int index = FLAGS_first; absl::Now() - start < length; ++index) {
    if (FLAGS_rounds > 0 && tally.rounds() == FLAGS_rounds) break;
    const Round round = DrawRound(FLAGS_seed, index);
    if (Name(round.faults.front().fault) == FLAGS_without) continue;
    Print(absl::StrFormat("%7s  round %-3d %-38s ",
                          Seconds(absl::Now() - start), index,
                          FaultsOf(round)));
    const absl::StatusOr<RoundResult> result = campaign.Play(round);
    if (!result.ok()) return result.status();
    PrintRound(*result, world);
    tally.Add(*result);
  }
  Print(absl::StrCat("\n", tally.Table(), "\n", campaign.Figures()));
  return absl::OkStatus();
}

int Failed(const absl::Status& status) {
  Print(absl::StrCat("\nthe campaign itself failed (--seed=", FLAGS_seed,
                     "): ", status.message(), "\n"));
  return 2;
}

int List() {
  for (int index = FLAGS_first; index < FLAGS_first + 100; ++index) {
    Print(absl::StrFormat("round %-3d %s\n", index,
                          FaultsOf(DrawRound(FLAGS_seed, index))));
  }
  return 0;
}

int Main() {
  if (FLAGS_list) return List();
  const ScratchDir temp;
  const std::string logs = FLAGS_logs.empty() ? temp.path() : FLAGS_logs;
  const auto world = World::Start(logs, FLAGS_ports);
  if (!world.ok()) return Failed(world.status());
  Tally tally;
  const absl::Status status = Play(**world, tally);
  if (!status.ok()) {
    const int code = Failed(status);
    Print(absl::StrCat(tally.Table(), (*world)->LogTails()));
    return code;
  }
  Print(absl::StrCat(tally.rounds(), " rounds with --seed=", FLAGS_seed, ", ",
                     tally.wrong(), " violations\n"));
  return tally.wrong() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  return vios::testing::Main();
}
