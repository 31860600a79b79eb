// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/plan.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"

namespace vios::testing {
namespace {

constexpr uint64_t kMaxBits = 23;  // Of a size: 8 MiB.
// Makes the largest connections last for some seconds.
constexpr absl::Duration kMaxReadDelay = absl::Milliseconds(60);

// Numbers that follow from a seed; those of the standard library's
// distributions may differ from one library to the next.
class Dice {
 public:
  Dice(uint64_t seed, uint64_t stream) : engine_(seed * 1000003 + stream) {}

  uint64_t Below(uint64_t n) { return engine_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  absl::Duration UpTo(absl::Duration most) {
    const auto ms = static_cast<uint64_t>(absl::ToInt64Milliseconds(most));
    return absl::Milliseconds(static_cast<int64_t>(Below(ms + 1)));
  }
  // Half of them of any size, half of any order of size.
  Content Stream() {
    const uint64_t bits = OneIn(2) ? kMaxBits : Below(kMaxBits + 1);
    return {1 + Below(uint64_t{1} << bits), Below(1000000)};
  }

 private:
  std::mt19937_64 engine_;
};

Connection DrawConnection(const std::string& name, Dice& dice) {
  static constexpr std::array<const char*, 4> kVerbs = {"both", "both",
                                                        "answer", "first"};
  Connection connection;
  connection.name = name;
  connection.verb = kVerbs[dice.Below(kVerbs.size())];
  connection.up = dice.Stream();
  connection.down = dice.Stream();
  connection.vanish = dice.OneIn(8);
  if (dice.OneIn(2)) connection.read_delay = dice.UpTo(kMaxReadDelay);
  return connection;
}

// A shuffled bag, so that a short campaign has them all.
Fault FirstFault(uint64_t seed, int index) {
  std::array<Fault, kFaults> bag = AllFaults();
  Dice dice(seed, static_cast<uint64_t>(1000000 + index / kFaults));
  for (size_t i = bag.size() - 1; i > 0; --i) {
    std::swap(bag[i], bag[dice.Below(i + 1)]);
  }
  return bag[static_cast<size_t>(index % kFaults)];
}

PlannedFault Draw(Fault fault, Dice& dice) {
  // What is over at once is hard to notice; what lasts goes on to the traffic
  // behind it.
  const absl::Duration most =
      dice.OneIn(2) ? absl::Milliseconds(200) : absl::Seconds(3);
  return {fault, dice.UpTo(most), static_cast<uint32_t>(dice.Below(1000))};
}

// What can go on while the guest is paused, asleep or rebooting.
Fault OverlappingFault(Dice& dice) {
  static constexpr std::array<Fault, 4> kFaultsOnTheHost = {
      Fault::kHostKilled, Fault::kHostStopped, Fault::kServiceKilled,
      Fault::kServiceStopped};
  return kFaultsOnTheHost[dice.Below(kFaultsOnTheHost.size())];
}

}  // namespace

std::string Connection::Request() const {
  return absl::StrCat(verb, " ", down.size, " ", down.seed, " ", up.size, " ",
                      up.seed, " ", name);
}

std::string Connection::Command() const {
  return absl::StrCat(
      "traffic client --port=5672 --kill_resets --timeout=10m --request='",
      Request(), "' --send=", up.size, ":", up.seed, " --expect=", down.size,
      ":", down.seed,
      verb == "first" ? " --half_close=false" : " --expect_report",
      stay ? " --stay" : "", vanish ? " --vanish" : "",
      " --read_delay=", absl::FormatDuration(read_delay));
}

Round DrawRound(uint64_t seed, int index) {
  Dice dice(seed, static_cast<uint64_t>(index));
  Round round;
  const auto name = [&] {
    return absl::StrCat("r", index, ".", round.connections.size());
  };
  for (uint64_t stay = 1 + dice.Below(2); stay > 0; --stay) {
    round.connections.push_back(CheckConnection(name()));
  }
  for (uint64_t more = 3 + dice.Below(6); more > 0; --more) {
    round.connections.push_back(DrawConnection(name(), dice));
  }
  round.before = dice.UpTo(absl::Milliseconds(700));
  const Fault first = FirstFault(seed, index);
  round.faults.push_back(Draw(first, dice));
  const PlannedFault second = Draw(OverlappingFault(dice), dice);
  if (first != Fault::kNone && dice.OneIn(4) &&
      VictimOf(first) != VictimOf(second.fault)) {
    round.faults.push_back(second);
  }
  return round;
}

Connection CheckConnection(const std::string& name) {
  uint64_t seed = 0;  // Its own: another one's bytes would be noticed.
  for (const char c : name) seed = seed * 131 + static_cast<uint8_t>(c);
  seed %= 1000000000;
  return {.name = name,
          .verb = "both",
          .up = {1000, seed},
          .down = {1000, seed + 1},
          .stay = true};
}

}  // namespace vios::testing
