// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/busy.h"

#include "channel/deadline.h"
#include "testing/bench/crowd.h"
#include "testing/bench/fairness.h"
#include "testing/bench/quantile.h"
#include "testing/bench/thread_cpu.h"

namespace vios::testing {
namespace {

// How far all of it has come.
struct Moment {
  static absl::StatusOr<Moment> Now(const Crowd& crowd, pid_t middle);
  Clock::time_point when;
  std::vector<uint64_t> taken;
  double cpu_seconds = 0;
};

absl::StatusOr<Moment> Moment::Now(const Crowd& crowd, pid_t middle) {
  const auto cpu = ReadProcessCpu(middle);
  if (!cpu.ok()) return cpu.status();
  return Moment{Clock::now(), crowd.Taken(), *cpu};
}

// What has happened from one moment to another.
BusySample Between(const Moment& before, const Moment& after) {
  const double seconds =
      absl::ToDoubleSeconds(absl::FromChrono(after.when - before.when));
  BusySample sample;
  std::vector<double> rates;
  for (size_t i = 0; i < after.taken.size(); ++i) {
    const uint64_t bytes = after.taken[i] - before.taken[i];
    rates.push_back(static_cast<double>(bytes) / seconds);
    sample.bytes_per_second += rates.back();
  }
  sample.jain = JainIndex(rates);
  sample.slowest_to_fastest = SlowestToFastest(rates);
  const double gigabytes = sample.bytes_per_second * seconds / 1e9;
  sample.cpu_per_gb =
      gigabytes == 0 ? 0 : (after.cpu_seconds - before.cpu_seconds) / gigabytes;
  return sample;
}

}  // namespace

absl::StatusOr<QuietSample> MeasureQuiet(
    const std::vector<std::unique_ptr<Line>>& lines, absl::Duration window) {
  const auto trips = RoundTrips(*lines.back(), window);
  if (!trips.ok()) return trips.status();
  return QuietSample{Quantile(*trips, 0.5), Quantile(*trips, 0.99)};
}

absl::StatusOr<BusySample> MeasureBusy(
    const std::vector<std::unique_ptr<Line>>& lines, pid_t middle,
    Direction direction, absl::Duration window) {
  std::vector<Line*> streams;
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    streams.push_back(lines[i].get());
  }
  Crowd crowd(streams, direction);
  // Behind this, threads run and buffers are full.
  const auto warm_up = MeasureQuiet(lines, window / 3);
  if (!warm_up.ok()) return warm_up.status();
  const auto before = Moment::Now(crowd, middle);
  if (!before.ok()) return before.status();
  const auto quiet = MeasureQuiet(lines, window);
  if (!quiet.ok()) return quiet.status();
  const auto after = Moment::Now(crowd, middle);
  if (!after.ok()) return after.status();
  const absl::Status stopped = crowd.Stop();
  if (!stopped.ok()) return stopped;
  BusySample sample = Between(*before, *after);
  sample.quiet = *quiet;
  return sample;
}

}  // namespace vios::testing
