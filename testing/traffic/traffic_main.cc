// SPDX-License-Identifier: Apache-2.0
// The traffic of the tests and benchmarks, client and service in one program:
//   traffic serve [--port=P]          prints "listening P", then a line as
//                                     each request begins and ends
//   traffic client --request=LINE ... one connection; prints "connected", then
//                                     "arrived" when all of --expect has come,
//                                     then a result line; exit 0 for clean-eof
//   traffic short --count=N --clients=M   many connections, M at a time
//   traffic roundtrips --count=N          short messages and their echoes
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gflags/gflags.h"
#include "testing/traffic/client.h"
#include "testing/traffic/round_trips.h"
#include "testing/traffic/service.h"

DEFINE_string(host, "127.0.0.1", "IPv4 address");
DEFINE_int32(port, 0, "TCP port; 0 with serve: a free one");
DEFINE_string(request, "echo", "the first line, see behaviour.h");
DEFINE_string(send, "0:0", "SIZE:SEED to send behind the request");
DEFINE_string(send_after_eof, "0:0",
              "SIZE:SEED to send after the service ended");
DEFINE_string(expect, "", "SIZE:SEED that is to come; empty: anything");
DEFINE_string(expect_tail, "", "text that is to come behind --expect");
DEFINE_bool(expect_report, false, "the report of --send comes behind --expect");
DEFINE_bool(half_close, true, "end this side before the service ends its own");
DEFINE_bool(stay, false, "stay connected until SIGTERM");
DEFINE_bool(vanish, false, "reset instead of an end");
DEFINE_bool(kill_resets, false,
            "serve and client: reset what is open when killed");
DEFINE_string(read_delay, "0", "pause before each read");
DEFINE_string(timeout, "2m", "longest time without progress");
DEFINE_int32(count, 1000, "number of short connections, or of messages");
DEFINE_int32(clients, 1, "how many make the short connections");

namespace vios::testing {
namespace {

void PrintLine(const std::string& line) {
  static absl::Mutex mu(absl::kConstInit);
  absl::MutexLock lock(&mu);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

absl::Duration DurationOf(const std::string& text) {
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration)) return duration;
  PrintLine("not a duration: " + text);
  std::exit(2);
}

Content ContentOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  Content content;
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &content.size) &&
      absl::SimpleAtoi(parts[1], &content.seed)) {
    return content;
  }
  PrintLine("not SIZE:SEED: " + text);
  std::exit(2);
}

std::optional<Content> Expected() {
  if (FLAGS_expect.empty()) return std::nullopt;
  return ContentOf(FLAGS_expect);
}

ClientOptions OptionsFromFlags() {
  ClientOptions options;
  options.host = FLAGS_host;
  options.port = static_cast<uint16_t>(FLAGS_port);
  options.request = FLAGS_request;
  options.send = ContentOf(FLAGS_send);
  options.send_after_eof = ContentOf(FLAGS_send_after_eof);
  options.expect = Expected();
  options.expect_tail = FLAGS_expect_tail;
  options.expect_report = FLAGS_expect_report;
  options.half_close = FLAGS_half_close;
  options.stay = FLAGS_stay;
  options.vanish = FLAGS_vanish;
  options.kill_resets = FLAGS_kill_resets;
  options.read_delay = DurationOf(FLAGS_read_delay);
  options.no_progress = DurationOf(FLAGS_timeout);
  return options;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int Serve(const sigset_t& stop) {
  ServiceOptions options;
  options.host = FLAGS_host;
  options.port = static_cast<uint16_t>(FLAGS_port);
  options.kill_resets = FLAGS_kill_resets;
  options.log = PrintLine;
  const auto service = Service::Start(std::move(options));
  if (!service.ok()) {
    PrintLine(std::string(service.status().message()));
    return 1;
  }
  PrintLine("listening " + std::to_string((*service)->port()));
  int signal = 0;
  sigwait(&stop, &signal);
  return 0;
}

int Client() {
  ClientOptions options = OptionsFromFlags();
  options.on_connected = [] { PrintLine("connected"); };
  options.on_arrived = [] { PrintLine("arrived"); };
  const std::string line = RunClient(options);
  PrintLine(line);
  return absl::StrContains(line, "outcome=clean-eof") ? 0 : 1;
}

int Short() {
  const std::string line =
      RunShortConnections(OptionsFromFlags(), FLAGS_count, FLAGS_clients);
  PrintLine(line);
  return absl::StrContains(line, " failed=0 ") ? 0 : 1;
}

int RoundTrips() {
  const std::string line = RunRoundTrips(OptionsFromFlags(), FLAGS_count);
  PrintLine(line);
  return absl::StrContains(line, "outcome=clean-eof") ? 0 : 1;
}

int Main(const std::string& role) {
  ::prctl(PR_SET_NAME, "traffic");
  const sigset_t stop = StopSignals();
  // Before the first thread. A client that does not stay is simply ended.
  if (role == "serve" || FLAGS_stay) pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  if (role == "serve") return Serve(stop);
  if (role == "client") return Client();
  if (role == "short") return Short();
  if (role == "roundtrips") return RoundTrips();
  PrintLine("traffic serve|client|short|roundtrips [--flags]");
  return 2;
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, /*remove_flags=*/true);
  return vios::testing::Main(argc > 1 ? argv[1] : "");
}
