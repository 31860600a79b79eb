// SPDX-License-Identifier: Apache-2.0
// A host that misuses one port in every way costs the guest the connections
// that go over that port, and nothing else.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/hostile/attack.h"
#include "testing/hostile/plain_log.h"
#include "testing/vm/client_result.h"
#include "testing/vm/process.h"
#include "testing/vm/proxy_vm_fixture.h"
#include "testing/vm/runfile.h"

namespace vios::testing {
namespace {

// What README.md promises of the guest daemon; a client that waits has a
// descriptor, too.
constexpr int kPorts = 3;
constexpr int kFixedDescriptors = 11;  // Stricter: it has 15.
constexpr int kMaxDescriptors = kFixedDescriptors + 4 * kPorts + 2;
constexpr int kMaxThreads = 4 + 2 * kPorts;
constexpr int kMaxKib = 8 * 1024 + 300 * kPorts;  // Stricter: it has 370.
// Session lines and the one that sums up, and what is told of channels.
constexpr double kLinesPerSecond = 11 + 3;

class MadHostTest : public ProxyVmTest,
                    public ::testing::WithParamInterface<Attack> {
 protected:
  void StartMadHost() {
    auto mad = Process::Start({Runfile("testing/hostile/hostile"), "host",
                               Name(GetParam()), vm().SocketPath("0")},
                              temp_ / "mad");
    ASSERT_TRUE(mad.ok()) << mad.status();
    mad_ = *std::move(mad);
    // A host that never speaks first is one, too.
    if (GetParam() == Attack::kUnacknowledged) return;
    EXPECT_TRUE(mad_->AwaitLog("frames=", kLimit));
  }

  // They find but one channel free, the mad one, and none may hang.
  void UseMadChannel() {
    // That one answers at once, and each answer is a line of the log.
    const char* count = GetParam() == Attack::kText ? "200" : "4";
    const auto result = vm().agent().Run(
        absl::StrCat("traffic short --port=5672 --timeout=3s --clients=2",
                     " --count=", count),
        2 * kLimit);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_NE(result->end, "timeout");
    std::cout << result->out << ClientResult(mad_->Log()) << std::endl;
  }

  void ExpectBounded() {
    const auto figures = guest().GuestFigures();
    ASSERT_TRUE(figures.ok()) << figures.status();
    std::cout << "guest daemon: " << *figures << std::endl;
    EXPECT_LE(figures->descriptors, kMaxDescriptors);
    EXPECT_LE(figures->threads, kMaxThreads);
    EXPECT_LE(figures->resident_kib, kMaxKib);
  }

  void ExpectPlainLog(Clock::time_point begun) {
    const std::string log = guest().GuestLog();
    const double seconds =
        std::chrono::duration<double>(Clock::now() - begun).count();
    std::cout << seconds << " s, " << CountLines(log) << " lines" << std::endl;
    EXPECT_LE(static_cast<double>(CountLines(log)),
              kLinesPerSecond * (seconds + 1));
    EXPECT_EQ(FirstControlByte(log), "");
    // That there was something to escape.
    if (GetParam() == Attack::kText) {
      EXPECT_THAT(log, ::testing::HasSubstr("\\x1b]0;owned\\x07"));
    }
  }

  const ScratchDir temp_;
  std::unique_ptr<Process> mad_;
};

TEST_P(MadHostTest, CostsOnlyWhatGoesOverItsChannel) {
  const Clock::time_point begun = Clock::now();
  Restart("--connect_timeout=4s --reconnect_interval=1s", {"--channels=1,2"});
  const std::vector<Job> staying = StayingClients("stay", 2);
  StartMadHost();
  UseMadChannel();
  ExpectBounded();
  FinishAll(staying);
  ExpectPlainLog(begun);
  EXPECT_EQ(guest().AwaitGuestEnd(absl::ZeroDuration()), "running");
  mad_.reset();
  StopHost();
  // QEMU may have lost the notice that a host is there, which only a host that
  // leaves and comes back heals.
  StartHastyHost(10);
  ExpectChannelsWork(kPorts);
}

std::string TestName(const ::testing::TestParamInfo<Attack>& attack) {
  std::string name = Name(attack.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Attacks, MadHostTest,
                         ::testing::ValuesIn(AttacksOf(Side::kHost)), TestName);

}  // namespace
}  // namespace vios::testing
