// SPDX-License-Identifier: Apache-2.0
// What the doctor says on the host of a real guest, of which each test breaks
// one thing.
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/vm/ctl_vm_fixture.h"
#include "testing/vm/eventually.h"
#include "testing/vm/stream.h"
#include "testing/vm/vm.h"

namespace vios::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class DoctorHostTest : public CtlVmTest {
 protected:
  void SetUp() override {
    CtlVmTest::SetUp();
    AwaitConnected(3);
  }
  Said Doctor(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"doctor", "host", ServicePort()};
    words.insert(words.end(), more.begin(), more.end());
    return OnHost(words);
  }
  std::string ServicePort() {
    return absl::StrCat("--service_port=", service().port());
  }
  void AwaitSaid(const std::string& text,
                 const std::vector<std::string>& more = {}) {
    Said said;
    EXPECT_TRUE(Eventually(kLimit, [&] {
      said = Doctor(more);
      return absl::StrContains(said, text);
    })) << said;
  }
};

TEST_F(DoctorHostTest, HealthyHostIsOneLine) {
  AwaitSaid("0 ok: host: ");
  EXPECT_THAT(Doctor(), MatchesRegex("0 ok: host: 3 sockets in [^\n]*PID "
                                     "[0-9]+[^\n]* takes connections\n"));
}

TEST_F(DoctorHostTest, SomethingElseIsConnected) {
  StopHost();
  const auto stranger =
      Stream::Connect(vm().SocketPath("1"), Deadline::After(kLimit));
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  AwaitSaid(absl::StrCat("broken: something else is connected to ",
                         vm().SocketPath("1"), ": PID ", ::getpid(), " ("));
}

TEST_F(DoctorHostTest, DaemonDoesNotRun) {
  StopHost();
  // Other tests' may, for other directories.
  AwaitSaid("exit 1 broken: vios-proxy-host does not run here");
}

TEST_F(DoctorHostTest, ServiceIsNotThere) {
  const std::string port = ServicePort();
  StopService();
  EXPECT_THAT(OnHost({"doctor", "host", port}),
              AllOf(StartsWith("exit 1 broken: the service at 127.0.0.1:"),
                    HasSubstr("Connection refused")));
}

TEST_F(DoctorHostTest, ProbeTimesTheGuest) {
  EXPECT_THAT(Doctor({"--probe"}), HasSubstr("note: not probed: PID "));
  StopHost();
  AwaitSaid("the guest's daemon answers on g1/0 in ", {"--probe"});
  StartHost();
  ExpectChannelsWork(3);
}

TEST_F(DoctorHostTest, ProbeFindsThatTheGuestHasNotOpenedItsPort) {
  StopHost();
  guest().KillAll();
  EXPECT_THAT(Doctor({"--probe"}),
              HasSubstr("broken: no daemon of the guest answers on g1/0: no "
                        "PONG came in time\n"));
}

TEST(DoctorWithoutGuestTest, TheQemuIsGone) {
  const auto vm = Vm::Boot(VmOptions());
  ASSERT_TRUE(vm.ok()) << vm.status();
  const std::string directory =
      "--guest_directory=" + (*vm)->guests_directory();
  EXPECT_THAT(RunCtl({"doctor", "host", directory}),
              Not(HasSubstr("nobody listens")));
  (*vm)->Kill();
  EXPECT_THAT(RunCtl({"doctor", "host", directory}),
              StartsWith(absl::StrCat("exit 1 broken: nobody listens on ",
                                      (*vm)->SocketPath("0"), ": the QEMU")));
}

}  // namespace
}  // namespace vios::testing
