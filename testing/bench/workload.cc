// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/workload.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace vios::testing {
namespace {

constexpr uint64_t kMegabyte = 1024 * 1024;
// Below the limit of dials that a guest may cause in a second.
constexpr int kConnects = 80;
constexpr int kRoundTrips = 500;
// Small writes are slow: no more of them than this in one run.
constexpr uint64_t kSweepWrites = 20000;

Workload Connects() {
  return {.name = "connect",
          .command = absl::StrCat("connect --count=", kConnects),
          .is_latency = true,
          .needs_connections = true};
}

Workload RoundTrips(uint64_t size) {
  return {.name = absl::StrCat("round trip ", size, " B"),
          .command = absl::StrCat("round_trip --count=", kRoundTrips,
                                  " --size=", size),
          .is_latency = true};
}

Workload Stream(const std::string& kind, uint64_t total, int streams = 1) {
  const uint64_t ways = kind == "both" ? 2 : 1;
  const uint64_t each = total / static_cast<uint64_t>(streams);
  return {
      .name = streams == 1 ? kind : absl::StrCat(kind, " x", streams),
      .command = absl::StrCat(kind, " --total=", each, " --streams=", streams),
      .streams = streams,
      .bytes = ways * each * static_cast<uint64_t>(streams)};
}

Workload SweepPoint(const std::string& kind, uint64_t size, uint64_t total) {
  const uint64_t bytes = std::min(total, size * kSweepWrites);
  return {.name = absl::StrCat(kind, ", writes of ", size),
          .command = absl::StrCat(kind, " --size=", size, " --total=", bytes),
          .bytes = bytes,
          .write_size = size};
}

}  // namespace

std::vector<Workload> Workloads(bool quick, int megabytes) {
  const uint64_t total = static_cast<uint64_t>(megabytes) * kMegabyte;
  std::vector<Workload> all = {Connects(), RoundTrips(64), RoundTrips(4096),
                               Stream("up", total), Stream("down", total)};
  if (quick) return all;
  all.push_back(Stream("both", total));
  for (const int streams : {2, 3}) {
    all.push_back(Stream("up", total, streams));
    all.push_back(Stream("down", total, streams));
  }
  for (const char* kind : {"up", "down"}) {
    for (uint64_t size = 64; size <= kMegabyte; size *= 4) {
      all.push_back(SweepPoint(kind, size, total / 2));
    }
  }
  return all;
}

}  // namespace vios::testing
