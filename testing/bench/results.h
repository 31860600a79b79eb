// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_RESULTS_H_
#define VIOS_PROXY_TESTING_BENCH_RESULTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "testing/bench/workload.h"

namespace vios::testing {

// One run of a workload on a way.
struct Sample {
  double value = 0;  // The median latency in us, or bytes each way per second.
  double p99 = 0;    // Latencies only, in us.
  // Of the daemons in the guest and on the host, and of QEMU; seconds.
  double guest_cpu = 0;
  double host_cpu = 0;
  double qemu_cpu = 0;
};

// The medians of all rounds, each figure by itself.
Sample Median(const std::vector<Sample>& samples);

// All that was measured with one number of virtual processors. A value.
class Results {
 public:
  Results(int vcpus, std::vector<Workload> workloads,
          std::vector<std::string> ways)
      : vcpus_(vcpus),
        workloads_(std::move(workloads)),
        ways_(std::move(ways)) {}

  int vcpus() const { return vcpus_; }
  const std::vector<Workload>& workloads() const { return workloads_; }
  const std::vector<std::string>& ways() const { return ways_; }

  void Add(const std::string& workload, const std::string& way,
           const Sample& sample) {
    samples_[{workload, way}].push_back(sample);
  }
  const std::vector<Sample>& Samples(const std::string& workload,
                                     const std::string& way) const;
  // Nothing without a sample.
  std::optional<Sample> MedianOf(const std::string& workload,
                                 const std::string& way) const;
  // The value on one way as a multiple of that on another: the median of the
  // rounds' ratios, for a machine that changes its pace changes both.
  std::optional<double> Ratio(const std::string& workload,
                              const std::string& way,
                              const std::string& other) const;

 private:
  int vcpus_;
  std::vector<Workload> workloads_;
  std::vector<std::string> ways_;  // Ours first.
  std::map<std::pair<std::string, std::string>, std::vector<Sample>> samples_;
};

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_RESULTS_H_
