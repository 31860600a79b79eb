// SPDX-License-Identifier: Apache-2.0
// Speed of both daemons beside other ways out of a guest; see tools/bench.
// Exits 0 when everything was measured, 2 when the harness failed.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "gflags/gflags.h"
#include "testing/bench/machine.h"
#include "testing/bench/plot.h"
#include "testing/bench/report.h"
#include "testing/bench/results.h"
#include "testing/bench/stage.h"
#include "testing/bench/workload.h"
#include "testing/bench/write_file.h"

DEFINE_int32(rounds, 5, "how often each workload runs on each way");
DEFINE_string(cpu, "max", "the guest's processor, as QEMU's -cpu takes it");
DEFINE_string(vcpus, "1,2", "numbers of virtual processors");
DEFINE_bool(quick, false, "only what has a goal");
DEFINE_int32(megabytes, 64, "size of a stream");
DEFINE_string(only, "", "workloads that contain one of these words");
DEFINE_string(ways, "", "ways beside our own; empty: all");
DEFINE_string(json, "", "file for all figures");
DEFINE_string(plot, "", "file for a program of gnuplot that draws the first");
DEFINE_string(other_archive, "", "initramfs with another guest daemon");
DEFINE_string(other_host, "", "path of another host daemon");

namespace vios::testing {
namespace {

bool Selected(const Workload& workload) {
  if (FLAGS_only.empty()) return true;
  for (const absl::string_view word : absl::StrSplit(FLAGS_only, ',')) {
    if (absl::StrContains(workload.name, word)) return true;
  }
  return false;
}

std::vector<Workload> SelectedWorkloads() {
  std::vector<Workload> selected;
  for (Workload& workload : Workloads(FLAGS_quick, FLAGS_megabytes)) {
    if (Selected(workload)) selected.push_back(std::move(workload));
  }
  return selected;
}

// Another way goes first in each `round`: what a run leaves behind, of caches
// and of the processor's heat, is not always the same one's to find.
absl::Status PlayRound(Stage& stage, int round, const std::string& where,
                       Results& results) {
  for (const Workload& workload : results.workloads()) {
    for (size_t i = 0; i < results.ways().size(); ++i) {
      const std::string& way =
          results.ways()[(i + round) % results.ways().size()];
      if (!stage.Can(way, workload)) continue;
      Progress(absl::StrCat(where, workload.name, ", ", way));
      const auto sample = stage.Measure(way, workload);
      if (!sample.ok()) {
        return absl::Status(sample.status().code(),
                            absl::StrCat(workload.name, ", ", way, ": ",
                                         sample.status().message()));
      }
      results.Add(workload.name, way, *sample);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Results> Play(int vcpus) {
  StageOptions options = {.cpu = FLAGS_cpu,
                          .vcpus = vcpus,
                          .other_archive = FLAGS_other_archive,
                          .other_host = FLAGS_other_host};
  if (!FLAGS_ways.empty()) options.ways = absl::StrSplit(FLAGS_ways, ',');
  Progress("boots a guest");
  const auto stage = Stage::Set(options);
  if (!stage.ok()) return stage.status();
  Results results(vcpus, SelectedWorkloads(), (*stage)->WayNames());
  for (int round = 0; round <= FLAGS_rounds; ++round) {
    // The first only warms up.
    Results warm_up = results;
    const absl::Status status =
        PlayRound(**stage, round,
                  absl::StrFormat("%d vCPU, round %d of %d: ", vcpus, round,
                                  FLAGS_rounds),
                  round == 0 ? warm_up : results);
    if (!status.ok()) return status;
  }
  Progress("");
  return results;
}

// What has to be known to read the figures.
std::string Setting() {
  const char* accelerator = std::getenv("VIOS_VM_ACCEL");
  return absl::StrCat(Machine(), ", guest under ",
                      accelerator == nullptr ? "tcg" : accelerator,
                      " with -cpu ", FLAGS_cpu);
}

absl::Status PlayAll() {
  const std::string date = Date();
  const std::string load = LoadAverage();
  std::vector<Results> all;
  for (const absl::string_view text : absl::StrSplit(FLAGS_vcpus, ',')) {
    int vcpus = 0;
    if (!absl::SimpleAtoi(text, &vcpus) || vcpus < 1) {
      return absl::InvalidArgumentError("--vcpus");
    }
    absl::StatusOr<Results> results = Play(vcpus);
    if (!results.ok()) return results.status();
    all.push_back(*std::move(results));
    std::printf("\r%s\n", Table(all.back()).c_str());
    std::fflush(stdout);
  }
  std::printf(
      "%s, %s, load average before: %s; medians of %d rounds, latencies with "
      "their 99th percentile\n",
      Setting().c_str(), date.c_str(), load.c_str(), FLAGS_rounds);
  absl::Status written =
      WriteFile(FLAGS_plot,
                PlotProgram(absl::StrCat(Setting(), ", ", date), all.front()));
  written.Update(WriteFile(FLAGS_json, Json(Setting(), date, all)));
  return written;
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  const absl::Status status = vios::testing::PlayAll();
  if (status.ok()) return 0;
  std::fprintf(stderr, "\nbench: %s\n", status.ToString().c_str());
  return 2;
}
