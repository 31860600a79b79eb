// SPDX-License-Identifier: Apache-2.0
// Both daemons with many channels; see tools/bench --scale.
// Exits 0 when everything was measured, 2 when the harness failed.
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gflags/gflags.h"
#include "testing/bench/busy.h"
#include "testing/bench/machine.h"
#include "testing/bench/scale_bare.h"
#include "testing/bench/scale_guest.h"
#include "testing/bench/scale_host.h"
#include "testing/bench/scale_report.h"
#include "testing/bench/scale_results.h"
#include "testing/bench/write_file.h"

DEFINE_bool(quick, false, "few channels, for a short time");
DEFINE_string(channels, "10,100,300,1000", "of the host daemon, the most last");
DEFINE_int32(per_guest, 10, "channels of a guest");
DEFINE_string(ports, "1,10,30,60", "of the guest daemon");
DEFINE_int32(busy, 200, "sessions that relay at once");
DEFINE_int32(rounds, 5, "of those");
DEFINE_int32(idle_ms, 20000, "how long an idle daemon is watched");
DEFINE_int32(window_ms, 3000, "how long a busy one is");
DEFINE_string(json, "", "file for all figures");

namespace vios::testing {
namespace {

// What the host daemon itself does: no connect in its first 200 ms, and one
// every 10 ms to each guest.
constexpr double kFirstConnect = 0.2;
constexpr double kConnectInterval = 0.01;

absl::StatusOr<std::vector<int>> Numbers(const std::string& flag) {
  std::vector<int> numbers;
  for (const absl::string_view text : absl::StrSplit(flag, ',')) {
    int number = 0;
    if (!absl::SimpleAtoi(text, &number) || number < 1) {
      return absl::InvalidArgumentError(absl::StrCat("no list: ", flag));
    }
    numbers.push_back(number);
  }
  return numbers;
}

// Of this process, which has two for each channel, and of the daemon, which has
// four and inherits the limit; a busy line has three ends beside the daemon's.
absl::Status RaiseDescriptorLimit(int channels) {
  const auto each = static_cast<rlim_t>(channels);
  const auto busy = static_cast<rlim_t>(FLAGS_busy);
  const rlim_t needed = std::max(4 * each + 64, 2 * each + 6 * busy + 64);
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= needed) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      channels, " channels need ", needed, " open files, and the limit is ",
      limit.rlim_max, ": raise it (ulimit -Hn), or give --channels"));
}

absl::Duration Window() { return absl::Milliseconds(FLAGS_window_ms); }

using Lines = std::vector<std::unique_ptr<Line>>;

// Ours goes first in every other `round`.
absl::Status Round(int round, ScaleHost& host, const Lines& ours,
                   const ScaleBare& bare, ScaleResults& results) {
  absl::Status status;
  const auto keep = [&status](auto sample, auto& samples) {
    status.Update(sample.status());
    if (sample.ok()) samples.push_back(*sample);
  };
  keep(MeasureQuiet(ours, Window() / 3), results.quiet_ours);
  keep(MeasureQuiet(bare.lines(), Window() / 3), results.quiet_bare);
  for (BusyRounds& rounds : results.rounds) {
    for (const int turn : {round, round + 1}) {
      if (!status.ok()) break;
      const bool is_ours = turn % 2 == 1;
      keep(MeasureBusy(is_ours ? ours : bare.lines(),
                       is_ours ? host.pid() : bare.pid(), rounds.direction,
                       Window()),
           is_ours ? rounds.ours : rounds.bare);
      status.Update(host.Tend());
    }
  }
  return status;
}

absl::Status PlayBusy(ScaleHost& host, ScaleResults& results) {
  Progress(absl::StrCat(results.busy, " sessions are opened"));
  const auto ours = host.OpenLines(results.busy + 1);
  if (!ours.ok()) return ours.status();
  const auto bare = ScaleBare::Start(results.busy + 1);
  if (!bare.ok()) return bare.status();
  results.rounds = {{.direction = Direction::kUp},
                    {.direction = Direction::kDown}};
  absl::Status status;
  for (int round = 1; round <= FLAGS_rounds && status.ok(); ++round) {
    Progress(absl::StrFormat("%d busy channels, round %d of %d", results.busy,
                             round, FLAGS_rounds));
    status = Round(round, host, *ours, **bare, results);
  }
  return status;
}

absl::Status PlayHost(int channels, bool last, ScaleResults& results) {
  Progress(absl::StrCat("host daemon, ", channels, " channels: connects"));
  const auto host = ScaleHost::Start(channels, FLAGS_per_guest);
  if (!host.ok()) return host.status();
  Progress(absl::StrCat("host daemon, ", channels, " channels: idle"));
  const auto idle = (*host)->Idle(absl::Milliseconds(FLAGS_idle_ms));
  if (!idle.ok()) return idle.status();
  results.host.push_back(*idle);
  if (!last) return absl::OkStatus();
  Progress(absl::StrCat("host daemon, ", channels, " channels: sessions"));
  const auto turnover = (*host)->TurnOver();
  if (!turnover.ok()) return turnover.status();
  results.turnover = *turnover;
  results.busy = std::min(FLAGS_busy, channels - 1);
  return PlayBusy(**host, results);
}

absl::Status PlayAll(ScaleResults& results) {
  const auto channels = Numbers(FLAGS_channels);
  const auto ports = Numbers(FLAGS_ports);
  if (!channels.ok()) return channels.status();
  if (!ports.ok()) return ports.status();
  absl::Status status = RaiseDescriptorLimit(
      *std::max_element(channels->begin(), channels->end()));
  for (size_t i = 0; i < channels->size() && status.ok(); ++i) {
    status = PlayHost((*channels)[i], i + 1 == channels->size(), results);
  }
  for (const int count : *ports) {
    if (!status.ok()) break;
    Progress(absl::StrCat("guest daemon, ", count, " ports"));
    const auto idle =
        MeasureIdleGuest(count, absl::Milliseconds(FLAGS_idle_ms));
    if (idle.ok()) results.guest.push_back(*idle);
    status = idle.status();
  }
  return status;
}

absl::Status Run() {
  ScaleResults results;
  results.machine = Machine();
  results.date = Date();
  results.per_guest = FLAGS_per_guest;
  results.pacing_seconds =
      kFirstConnect + kConnectInterval * (FLAGS_per_guest - 1);
  results.load = LoadAverage();
  const absl::Status played = PlayAll(results);
  if (!played.ok()) return played;
  Progress("");
  std::printf("\r%s", ScaleTable(results).c_str());
  return WriteFile(FLAGS_json, ScaleJson(results));
}

// What --quick leaves as it is said.
void MakeQuick() {
  const auto weaker = [](const char* flag, const char* value) {
    gflags::SetCommandLineOptionWithMode(flag, value,
                                         gflags::SET_FLAG_IF_DEFAULT);
  };
  weaker("channels", "10,40");
  weaker("ports", "1,5");
  weaker("busy", "10");
  weaker("rounds", "1");
  weaker("idle_ms", "2000");
  weaker("window_ms", "300");
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  if (FLAGS_quick) vios::testing::MakeQuick();
  const absl::Status status = vios::testing::Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "\nscale: %s\n", status.ToString().c_str());
  return 2;
}
