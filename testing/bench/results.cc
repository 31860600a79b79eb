// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/results.h"

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
  const std::optional<Sample> above = MedianOf(workload, way);
  const std::optional<Sample> below = MedianOf(workload, other);
  if (!above.has_value() || !below.has_value() || below->value == 0) {
    return std::nullopt;
  }
  return above->value / below->value;
}

}  // namespace vios::testing
