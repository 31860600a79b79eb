// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_SCALE_RESULTS_H_
#define VIOS_PROXY_TESTING_BENCH_SCALE_RESULTS_H_

#include <string>
#include <vector>

#include "testing/bench/line.h"

namespace vios::testing {

// What the scale bench finds. Plain values.

// A daemon with all its channels connected and no session yet.
struct IdleFigures {
  int channels = 0;
  double ready_seconds = 0;  // From its start until all are.
  int threads = 0;
  int resident_kib = 0;
  double cpu = 0;             // Seconds per second.
  double rescan_seconds = 0;  // CPU of one look at the directory.
  std::string by_thread;      // Which threads that CPU is of.
};

// As many sessions as channels, one on each, and all over again.
struct Turnover {
  int sessions = 0;  // Each time.
  int resident_kib_before = 0;
  int resident_kib_after = 0;
  int resident_kib_after_more = 0;
  int threads_before = 0;
  int threads_after = 0;
  int threads_after_more = 0;
};

// Of one quiet line, in microseconds.
struct QuietSample {
  double median_us = 0;
  double p99_us = 0;
};

// Many lines at once, in one direction, and a quiet one beside them.
struct BusySample {
  double bytes_per_second = 0;  // Of all together.
  double jain = 0;
  double slowest_to_fastest = 0;
  double cpu_per_gb = 0;  // Of the process in the middle, seconds.
  QuietSample quiet;
};

// The rounds of one direction; "bare" is the copy loop.
struct BusyRounds {
  Direction direction = Direction::kUp;
  std::vector<BusySample> ours;
  std::vector<BusySample> bare;
};

struct ScaleResults {
  std::string machine;
  std::string date;
  std::string load;  // The machine's load average before.
  int per_guest = 0;
  double pacing_seconds = 0;  // Part of ready_seconds, with so many per guest.
  std::vector<IdleFigures> host;
  std::vector<IdleFigures> guest;
  Turnover turnover;
  int busy = 0;
  std::vector<QuietSample> quiet_ours;  // With nothing else going on.
  std::vector<QuietSample> quiet_bare;
  std::vector<BusyRounds> rounds;
};

// The median of each figure by itself.
BusySample MedianOf(const std::vector<BusySample>& samples);
QuietSample MedianOf(const std::vector<QuietSample>& samples);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_SCALE_RESULTS_H_
