// SPDX-License-Identifier: Apache-2.0
//   hostile [--seed=N] guest|host ATTACK PATH...
// Misuses the ports, or the sockets of ports, at PATH until it is killed, a
// thread for each: attack.h has the names. Says each second how much it has
// sent, and what to repeat it with: "frames=N bytes=N seed=N".
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
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

[[noreturn]] void Misuse(const std::string& path, Side side, Attack attack,
                         uint32_t seed) {
  SeedThisThread(seed);
  while (true) {
    {
      absl::StatusOr<Line> line = Line::Open(path, Sent());
      if (line.ok()) CarryOut(attack, side, *line);
    }
    absl::SleepFor(kAway);
  }
}

[[noreturn]] void Report(uint32_t seed) {
  while (true) {
    std::printf("frames=%llu bytes=%llu seed=%u\n",
                static_cast<unsigned long long>(Sent().frames),
                static_cast<unsigned long long>(Sent().bytes), seed);
    std::fflush(stdout);
    absl::SleepFor(absl::Seconds(1));
  }
}

// Takes the flag away; without it, a seed at random. Nothing for a bad one.
std::optional<uint32_t> TakeSeed(std::vector<std::string>& args) {
  absl::string_view flag;
  if (!args.empty()) flag = args[0];
  if (!absl::ConsumePrefix(&flag, "--seed=")) return std::random_device()();
  uint32_t seed = 0;
  if (!absl::SimpleAtoi(flag, &seed)) return std::nullopt;
  args.erase(args.begin());
  return seed;
}

int Main(std::vector<std::string> args) {
  const std::optional<uint32_t> seed = TakeSeed(args);
  const auto attack =
      args.size() >= 3 ? ParseAttack(args[1]) : std::optional<Attack>();
  if (!seed.has_value() || !attack.has_value() ||
      (args[0] != "guest" && args[0] != "host")) {
    std::fprintf(stderr, "hostile [--seed=N] guest|host ATTACK PATH...\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const Side side = args[0] == "guest" ? Side::kGuest : Side::kHost;
  for (size_t i = 2; i < args.size(); ++i) {
    std::thread(Misuse, args[i], side, *attack,
                *seed + static_cast<uint32_t>(i))
        .detach();
  }
  Report(*seed);
}

}  // namespace
}  // namespace vios::testing

int main(int argc, char** argv) {
  return vios::testing::Main({argv + 1, argv + argc});
}
