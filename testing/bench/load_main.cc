// SPDX-License-Identifier: Apache-2.0
// The load of tools/bench, service and client in one program:
//   load serve [--port=P]        prints "listening P"
//   load connect|round_trip|up|down|both --host=H --port=P ...
//                                one measurement: prints "result MEDIAN P99",
//                                in microseconds, or "result RATE", in bytes
//                                each way per second
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gflags/gflags.h"
#include "testing/bench/load_client.h"
#include "testing/bench/load_service.h"
#include "testing/bench/quantile.h"
#include "testing/traffic/tcp.h"

DEFINE_string(host, "127.0.0.1", "IPv4 address");
DEFINE_int32(port, 0, "TCP port; 0 with serve: a free one");
DEFINE_int32(step, 0, "from the port of one connection to that of the next");
DEFINE_int32(count, 100, "connections or round trips");
DEFINE_int32(per_second, 0, "connections at most; 0: as fast as they are");
DEFINE_uint64(size, 65536, "bytes of a message, or of a write");
DEFINE_uint64(total, 64 * 1024 * 1024, "bytes each way, of each stream");
DEFINE_int32(streams, 1, "connections at once");

namespace vios::testing {
namespace {

LoadAddress Address() {
  return {FLAGS_host, static_cast<uint16_t>(FLAGS_port),
          static_cast<uint16_t>(FLAGS_step)};
}

absl::Status Serve() {
  const auto listener =
      ListenTcp(FLAGS_host, static_cast<uint16_t>(FLAGS_port));
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<uint16_t> port = LocalPort(listener->get());
  if (!port.ok()) return port.status();
  std::printf("listening %d\n", *port);
  std::fflush(stdout);
  return ServeLoad(listener->get());
}

absl::Status PrintTimes(absl::StatusOr<std::vector<double>> times) {
  if (!times.ok()) return times.status();
  const double median = Quantile(*times, 0.5);
  std::printf("result %.1f %.1f\n", median, Quantile(*times, 0.99));
  return absl::OkStatus();
}

absl::Status Stream(LoadKind kind) {
  const absl::StatusOr<double> rate =
      MeasureStreams(Address(), {kind, FLAGS_size, FLAGS_total}, FLAGS_streams);
  if (!rate.ok()) return rate.status();
  std::printf("result %.0f\n", *rate);
  return absl::OkStatus();
}

absl::Status Run(const std::string& what) {
  if (what == "serve") return Serve();
  if (what == "connect") {
    return PrintTimes(
        MeasureConnects(Address(), FLAGS_count, FLAGS_per_second));
  }
  if (what == "round_trip") {
    return PrintTimes(MeasureRoundTrips(Address(), FLAGS_size, FLAGS_count));
  }
  static const auto& kinds =
      *new std::map<std::string, LoadKind>{{"up", LoadKind::kUp},
                                           {"down", LoadKind::kDown},
                                           {"both", LoadKind::kBoth}};
  const auto kind = kinds.find(what);
  if (kind != kinds.end()) return Stream(kind->second);
  return absl::InvalidArgumentError(
      "load serve|connect|round_trip|up|down|both [--flags]");
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  const absl::Status status =
      vios::testing::Run(argc > 1 ? argv[1] : "nothing");
  if (status.ok()) return 0;
  std::printf("failed: %s\n", std::string(status.message()).c_str());
  return 1;
}
