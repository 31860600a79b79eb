// SPDX-License-Identifier: Apache-2.0
#include "proxy/histogram.h"

#include <algorithm>

namespace vios {

void Histogram::Observe(absl::Duration duration) {
  duration = std::max(duration, absl::ZeroDuration());
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(),
                                       absl::ToDoubleSeconds(duration));
  counts_[static_cast<size_t>(bucket - bounds_.begin())].fetch_add(
      1, std::memory_order_relaxed);
  sum_microseconds_.fetch_add(
      static_cast<uint64_t>(absl::ToInt64Microseconds(duration)),
      std::memory_order_relaxed);
}

HistogramSnapshot Histogram::Snapshot() const {
  HistogramSnapshot snapshot = {.bounds = bounds_};
  for (size_t i = 0; i < counts_.size(); ++i) {
    snapshot.counts[i] = counts_[i].load(std::memory_order_relaxed);
  }
  snapshot.sum_seconds =
      static_cast<double>(sum_microseconds_.load(std::memory_order_relaxed)) /
      1e6;
  return snapshot;
}

}  // namespace vios
