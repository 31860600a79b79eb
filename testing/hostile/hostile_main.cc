// SPDX-License-Identifier: Apache-2.0
//   hostile guest|host ATTACK PATH...
// Misuses the ports, or the sockets of ports, at PATH until it is killed, a
// thread for each: attack.h has the names. Says each second how much it has
// sent: "frames=N bytes=N".
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "testing/hostile/attack.h"
#include "testing/hostile/line.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kAway = absl::Milliseconds(20);

SentCount& Sent() {
  static auto& count = *new SentCount;
  return count;
}

[[noreturn]] void Misuse(const std::string& path, Side side, Attack attack) {
  while (true) {
    {
      absl::StatusOr<Line> line = Line::Open(path, Sent());
      if (line.ok()) CarryOut(attack, side, *line);
    }
    absl::SleepFor(kAway);
  }
}

[[noreturn]] void Report() {
  while (true) {
    std::printf("frames=%llu bytes=%llu\n",
                static_cast<unsigned long long>(Sent().frames),
                static_cast<unsigned long long>(Sent().bytes));
    std::fflush(stdout);
    absl::SleepFor(absl::Seconds(1));
  }
}

int Main(const std::vector<std::string>& args) {
  const auto attack =
      args.size() >= 3 ? ParseAttack(args[1]) : std::optional<Attack>();
  if (!attack.has_value() || (args[0] != "guest" && args[0] != "host")) {
    std::fprintf(stderr, "hostile guest|host ATTACK PATH...\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const Side side = args[0] == "guest" ? Side::kGuest : Side::kHost;
  for (size_t i = 2; i < args.size(); ++i) {
    std::thread(Misuse, args[i], side, *attack).detach();
  }
  Report();
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  return vios::testing::Main({argv + 1, argv + argc});
}
