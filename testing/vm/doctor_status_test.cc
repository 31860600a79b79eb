// SPDX-License-Identifier: Apache-2.0
// vios-proxy-ctl where the daemons around a real guest have status servers.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/vm/ctl_vm_fixture.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class DoctorStatusTest : public CtlVmTest {
 protected:
  void SetUp() override {
    CtlVmTest::SetUp();
    // So that nobody but the daemon can tell.
    (void)vm().Run("umount /sys/kernel/debug; mkdir -p /run/vios-proxy");
    RestartWith({});
  }
  void RestartWith(std::vector<std::string> host_flags) {
    host_flags.push_back(address_);
    Restart("--http_address=unix:/run/vios-proxy/guest.sock --http_control",
            host_flags);
    EXPECT_EQ(InGuest("wait --timeout=60s"), "0 ready\n");
  }
  void AwaitSaid(const std::string& flags, const std::string& text) {
    Said said;
    EXPECT_TRUE(Eventually(kLimit, [&] {
      said = InGuest(flags);
      return absl::StrContains(said, text);
    })) << said;
  }

  const ScratchDir sockets_;
  const std::string address_ =
      "--http_address=unix:" + (sockets_ / "host.sock");
};

TEST_F(DoctorStatusTest, TableShowsChannelsAndSessions) {
  const std::vector<Job> clients = StayingClients("status", 1);
  EXPECT_THAT(InGuest("status"),
              AllOf(StartsWith("0 vios-proxy-guest "),
                    HasSubstr(": ready; 3 channels, 1 busy; service "
                              "127.0.0.1:5672;"),
                    HasSubstr("\n  qpid.2 ")));
  EXPECT_THAT(OnHost({"status", address_}),
              AllOf(StartsWith("0 vios-proxy-host "), HasSubstr("\n  g1/2 ")));
  FinishAll(clients);
}

TEST_F(DoctorStatusTest, RunningDaemonTellsOfItsHost) {
  AwaitSaid("doctor", "a host is attached to all 3;");
  EXPECT_THAT(InGuest("doctor"), MatchesRegex("0 ok: guest: [^\n]*\n"));
  StopHost();
  AwaitSaid("doctor", "exit 1 broken: no host is attached to qpid.0");
}

TEST_F(DoctorStatusTest, HostWithoutOptionsIsWorthANote) {
  RestartWith({"--protocol_options=false"});
  const std::vector<Job> clients = StayingClients("base", 3);
  EXPECT_THAT(InGuest("doctor"),
              AllOf(StartsWith("0 ok: guest: "),
                    HasSubstr("note: the far end of qpid.0 speaks no "
                              "options, as vios-proxy 0.2: ")));
  EXPECT_THAT(OnHost({"doctor", "host", address_}),
              HasSubstr("note: --protocol_options is off: "));
}

TEST_F(DoctorStatusTest, DrainEndsWithTheLastSession) {
  const std::vector<Job> clients = StayingClients("drain", 1);
  EXPECT_THAT(InGuest("drain --timeout=10s"),
              MatchesRegex("exit 1 vios-proxy-guest at unix:[^\n]*: 1 channels "
                           "are busy\n"));
  FinishAll(clients);
  EXPECT_EQ(InGuest("drain --timeout=60s"), "0 drained\n");
  EXPECT_THAT(InGuest("doctor"), HasSubstr("note: vios-proxy-guest drains"));
}

// The host's patience with a silent guest is half a minute otherwise.
TEST_F(DoctorStatusTest, GuestThatHasNotOpenedItsPorts) {
  guest().KillAll();
  StopHost();
  StartHastyHost(20, {address_});
  Said said;
  EXPECT_TRUE(Eventually(kLimit, [&] {
    said = OnHost({"doctor", "host", address_});
    return absl::StrContains(said,
                             "broken: guest g1 has not opened its end of "
                             "channel ");
  })) << said;
  EXPECT_THAT(said, Not(HasSubstr("nobody listens")));
}

}  // namespace
}  // namespace vios::testing
