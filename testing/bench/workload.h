// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_BENCH_WORKLOAD_H_
#define VIOS_PROXY_TESTING_BENCH_WORKLOAD_H_

#include <cstdint>
#include <string>
#include <vector>

namespace vios::testing {

// One thing to measure, on any way from the guest to the service.
struct Workload {
  std::string name;     // "connect", "up", "sweep down 4096", ...
  std::string command;  // Of the load program, without the address.
  bool is_latency = false;
  bool needs_connections = false;  // A way that carries one cannot do it.
  int streams = 1;
  uint64_t bytes = 0;       // Through the proxies in one run, both ways.
  uint64_t write_size = 0;  // Of a point in a sweep.
};

// Everything, or with `quick` only what the goals speak of; streams of
// `megabytes`.
std::vector<Workload> Workloads(bool quick, int megabytes);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_BENCH_WORKLOAD_H_
