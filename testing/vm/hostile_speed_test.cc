// SPDX-License-Identifier: Apache-2.0
// How fast a guest is while its neighbour misuses the host daemon. Prints a
// table and asserts nothing about speed: to be run by hand on a quiet machine.
//
// Three states of the neighbour take turns, so that what the machine does
// besides comes to each of them: quiet; busy, its processor in a loop but its
// ports left alone, which is what an emulated guest costs the others anyway;
// and each attack.
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "testing/hostile/attack.h"
#include "testing/vm/client_result.h"
#include "testing/vm/hostile_guest_fixture.h"

namespace vios::testing {
namespace {

constexpr int kRepeats = 5;

struct Speed {
  double down = 0;  // MB/s
  double up = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// The middle one of the repeats, and how far they lie apart.
std::string Spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return absl::StrFormat("%8.1f (%.1f-%.1f)", values[values.size() / 2],
                         values.front(), values.back());
}

class HostileSpeedTest : public HostileGuestTest {
 protected:
  Speed Measure() {
    Speed speed;
    constexpr double kMegabytes = 30;
    const ClientResult down =
        honest().Client("source 30000000 1", "--expect=30000000:1");
    const ClientResult up = honest().Client(
        "sink", "--send=30000000:2 --expect=0:0 --expect_report");
    EXPECT_EQ(down.outcome(), "clean-eof") << down;
    EXPECT_EQ(up.outcome(), "clean-eof") << up;
    speed.down = kMegabytes / down.seconds();
    speed.up = kMegabytes / up.seconds();
    const ClientResult trips(
        honest()
            .vm()
            .Run("traffic roundtrips --port=5672 --count=2000")
            .value_or(""));
    EXPECT_EQ(trips.outcome(), "clean-eof") << trips;
    EXPECT_TRUE(absl::SimpleAtod(trips.Get("p50_us"), &speed.p50_us));
    EXPECT_TRUE(absl::SimpleAtod(trips.Get("p99_us"), &speed.p99_us));
    return speed;
  }

  void MeasureAs(const std::string& state) {
    samples_[state].push_back(Measure());
  }

  void PrintTable() {
    std::cout << absl::StrFormat("%-16s %-26s %-26s %-28s %s\n", "neighbour",
                                 "down MB/s", "up MB/s", "round trip p50 us",
                                 "p99 us");
    for (const auto& [state, speeds] : samples_) {
      std::vector<double> down, up, p50, p99;
      for (const Speed& it : speeds) {
        down.push_back(it.down);
        up.push_back(it.up);
        p50.push_back(it.p50_us);
        p99.push_back(it.p99_us);
      }
      std::cout << absl::StrFormat("%-16s %-26s %-26s %-28s %s\n", state,
                                   Spread(down), Spread(up), Spread(p50),
                                   Spread(p99));
    }
    std::cout << std::flush;
  }

 private:
  std::map<std::string, std::vector<Speed>> samples_;
};

TEST_F(HostileSpeedTest, ComparesAttacksWithQuiet) {
  (void)Measure();  // First times.
  for (int i = 0; i < kRepeats; ++i) {
    MeasureAs("0 quiet");
    StartBusyLoop();
    MeasureAs("1 busy");
    StopAttack();
    for (const Attack attack : AttacksOf(Side::kGuest)) {
      StartAttack(attack);
      AwaitAttack();
      MeasureAs(Name(attack));
      StopAttack();
    }
  }
  PrintTable();
}

}  // namespace
}  // namespace vios::testing
