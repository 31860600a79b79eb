// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/results.h"

#include <algorithm>

#include "testing/bench/quantile.h"

namespace vios::testing {
namespace {

double MedianOfField(const std::vector<Sample>& samples,
                     double Sample::*field) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.*field);
  return Quantile(values, 0.5);
}

}  // namespace

Sample Median(const std::vector<Sample>& samples) {
  Sample median;
  for (double Sample::*field :
       {&Sample::value, &Sample::p99, &Sample::guest_cpu, &Sample::host_cpu,
        &Sample::qemu_cpu}) {
    median.*field = MedianOfField(samples, field);
  }
  return median;
}

const std::vector<Sample>& Results::Samples(const std::string& workload,
                                            const std::string& way) const {
  static const auto& none = *new std::vector<Sample>;
  const auto found = samples_.find({workload, way});
  return found == samples_.end() ? none : found->second;
}

std::optional<Sample> Results::MedianOf(const std::string& workload,
                                        const std::string& way) const {
  const std::vector<Sample>& samples = Samples(workload, way);
  if (samples.empty()) return std::nullopt;
  return Median(samples);
}

std::optional<double> Results::Ratio(const std::string& workload,
                                     const std::string& way,
                                     const std::string& other) const {
  const std::vector<Sample>& above = Samples(workload, way);
  const std::vector<Sample>& below = Samples(workload, other);
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(above.size(), below.size()); ++i) {
    if (below[i].value > 0) ratios.push_back(above[i].value / below[i].value);
  }
  if (ratios.empty()) return std::nullopt;
  return Quantile(ratios, 0.5);
}

}  // namespace vios::testing
