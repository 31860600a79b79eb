// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HISTOGRAM_H_
#define VIOS_PROXY_PROXY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace vios {

inline constexpr size_t kHistogramBounds = 14;
// Upper bounds of the buckets, in seconds, rising.
using HistogramBounds = std::array<double, kHistogramBounds>;

// From a wait for something near to the longest time-out.
inline constexpr HistogramBounds kWaitBounds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
// From a request to a connection that lasts for days.
inline constexpr HistogramBounds kLifeBounds = {
    0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400, 604800};

// What a histogram held at one moment. A plain value.
struct HistogramSnapshot {
  HistogramBounds bounds = kWaitBounds;
  // Of one bucket each, not cumulative; the last is for what exceeds them all.
  std::array<uint64_t, kHistogramBounds + 1> counts = {};
  double sum_seconds = 0;
};

// How long things took. Thread-safe, never blocks; for what happens once in a
// session, not for each byte.
class Histogram {
 public:
  explicit Histogram(const HistogramBounds& bounds) : bounds_(bounds) {}

  // Negative is zero.
  void Observe(absl::Duration duration);
  // While others observe the sum may be of a moment later than the counts.
  HistogramSnapshot Snapshot() const;

 private:
  const HistogramBounds bounds_;
  std::array<std::atomic<uint64_t>, kHistogramBounds + 1> counts_ = {};
  std::atomic<uint64_t> sum_microseconds_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HISTOGRAM_H_
