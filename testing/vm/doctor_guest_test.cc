// SPDX-License-Identifier: Apache-2.0
// A guest of which each test breaks one thing, and what its doctor says.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/vm/ctl_vm_fixture.h"
#include "testing/vm/eventually.h"
#include "testing/vm/stream.h"

namespace vios::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class DoctorGuestTest : public CtlVmTest {
 protected:
  void SetUp() override {
    CtlVmTest::SetUp();
    AwaitHealthyGuest();
  }
  void RunInGuest(const std::string& command) {
    const auto run = vm().Run(command);
    EXPECT_TRUE(run.ok()) << run.status();
  }
  void StartPortLinks() {
    EXPECT_TRUE(vm().agent().Start("guest-port-links").ok());
    RunInGuest("until test -e /dev/virtio-ports/qpid.2; do usleep 20000; done");
  }
  // As a user without rights runs it.
  Said DoctorOfAUser() {
    RunInGuest(
        "chmod 755 / /bin; echo root:x:0:0::/root:/bin/sh >/etc/passwd; "
        "echo vios:x:77:77::/tmp:/bin/sh >>/etc/passwd; "
        "echo root:x:0: >/etc/group; echo vios:x:77: >>/etc/group");
    const auto said = vm().agent().Run(
        "su vios -c '/bin/vios-proxy-ctl doctor guest'", kLimit);
    if (!said.ok()) return std::string(said.status().message());
    return absl::StrCat(said->end, " ", said->out, said->err);
  }
  // Until the doctor says so, with these flags.
  void AwaitSaid(const std::string& flags, const std::string& text) {
    Said said;
    EXPECT_TRUE(Eventually(kLimit, [&] {
      said = InGuest(flags);
      return absl::StrContains(said, text);
    })) << said;
  }
};

TEST_F(DoctorGuestTest, HealthyGuestIsOneLine) {
  EXPECT_THAT(InGuest("doctor"),
              MatchesRegex("0 ok: guest: [^\n]* 3 in /dev/virtio-ports;[^\n]*"
                           "attached to all 3;[^\n]*listens on port 5672\n"));
  EXPECT_THAT(InGuest("doctor --json"),
              AllOf(StartsWith("0 {"), HasSubstr("\"ok\": true")));
}

TEST_F(DoctorGuestTest, ModuleIsNotLoaded) {
  guest().KillAll();
  RunInGuest("rmmod virtio_console");
  EXPECT_THAT(InGuest("doctor"),
              AllOf(StartsWith("exit 1 broken: the kernel module "
                               "virtio_console is not loaded\n"),
                    HasSubstr("modprobe virtio_console")));
  RunInGuest("insmod /modules/virtio_console.ko");
  RunInGuest("until test -e /dev/virtio-ports/qpid.2; do usleep 20000; done");
}

TEST_F(DoctorGuestTest, NoPortByThatName) {
  EXPECT_THAT(InGuest("doctor '--channels=db.*'"),
              StartsWith("exit 1 broken: no port by the name db.*; the kernel "
                         "has: qpid.0, qpid.1, qpid.2\n"));
}

TEST_F(DoctorGuestTest, NoUdev) {
  guest().KillAll();
  RunInGuest("killall guest-port-links; rm -r /dev/virtio-ports");
  const Said said = InGuest("doctor");
  EXPECT_THAT(said, AllOf(StartsWith("exit 1 broken: the kernel has port "
                                     "qpid.0, but there is no "
                                     "/dev/virtio-ports: udev"),
                          HasSubstr("mkdir -p /dev/virtio-ports && ln -s "
                                    "/dev/vport")));
  StartPortLinks();
}

TEST_F(DoctorGuestTest, NoPermission) {
  guest().KillAll();
  EXPECT_THAT(DoctorOfAUser(),
              AllOf(StartsWith("exit 1 broken: user vios may not open "
                               "/dev/virtio-ports/qpid.0, which belongs to "
                               "root:root, mode 0600\n"),
                    HasSubstr("SUBSYSTEM==\"virtio-ports\"")));
}

TEST_F(DoctorGuestTest, PortIsHeldOutOfSight) {
  RunInGuest("chmod 666 /dev/vport*");
  guest().KillAll();
  const auto holder =
      vm().agent().Start("sh -c 'exec sleep 600 <>/dev/virtio-ports/qpid.1'");
  ASSERT_TRUE(holder.ok()) << holder.status();
  Said said;
  EXPECT_TRUE(Eventually(kLimit, [&] {
    said = DoctorOfAUser();
    return absl::StartsWith(said,
                            "exit 1 broken: port qpid.1 is held by a program "
                            "of another user; run this as root");
  })) << said;
  EXPECT_TRUE(vm().agent().Signal(*holder, SIGKILL).ok());
  EXPECT_TRUE(vm().agent().Wait(*holder, kLimit).ok());
  RunInGuest("chmod 600 /dev/vport*");
}

TEST_F(DoctorGuestTest, PortIsHeldByAnotherProgram) {
  guest().KillAll();
  RunInGuest("ln -sf /bin/busybox /tmp/sleep");
  const auto holder = vm().agent().Start(
      "sh -c 'exec /tmp/sleep 600 <>/dev/virtio-ports/qpid.1'");
  ASSERT_TRUE(holder.ok()) << holder.status();
  AwaitSaid("doctor", absl::StrCat("broken: port qpid.1 is held by PID ",
                                   holder->handle, " (sleep)\n"));
  EXPECT_TRUE(vm().agent().Signal(*holder, SIGKILL).ok());
  EXPECT_TRUE(vm().agent().Wait(*holder, kLimit).ok());
}

TEST_F(DoctorGuestTest, NoHostIsAttached) {
  StopHost();
  AwaitSaid("doctor",
            "exit 1 broken: no host is attached to qpid.0, qpid.1, qpid.2 (3 "
            "of 3 ports)\n");
  StartHost();
  AwaitHealthyGuest();
}

TEST_F(DoctorGuestTest, WithoutDaemonAndFiguresThePortItselfIsAsked) {
  guest().KillAll();
  RunInGuest("umount /sys/kernel/debug");
  AwaitSaid("doctor", "exit 1 broken: vios-proxy-guest does not run here\n");
  StopHost();
  AwaitSaid("doctor", "broken: no host is attached to qpid.0");
}

TEST_F(DoctorGuestTest, DaemonThatHoldsThePortsIsLeftAlone) {
  RunInGuest("umount /sys/kernel/debug");
  EXPECT_THAT(InGuest("doctor"),
              AllOf(StartsWith("0 ok: guest: "),
                    HasSubstr("note: whether a host is attached cannot be "
                              "seen at 3 of 3 ports")));
  ExpectChannelsWork(3);
}

TEST_F(DoctorGuestTest, HostThatIsNoDaemonOfOurs) {
  ASSERT_TRUE(vm().HotPlugPort("acme.0", vm().SocketPath("..new")).ok());
  const auto stranger =
      Stream::Connect(vm().SocketPath("..new"), Deadline::After(kLimit));
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  StopHost();
  AwaitSaid("doctor --channels=acme.0",
            "broken: a host is attached to acme.0, but no daemon answers "
            "there: not a byte has come from it\n");
  ASSERT_TRUE(vm().UnplugPort("acme.0").ok());
}

TEST_F(DoctorGuestTest, DaemonDoesNotRun) {
  guest().KillAll();
  EXPECT_THAT(InGuest("doctor"),
              MatchesRegex("exit 1 broken: vios-proxy-guest does not run "
                           "here\n[^\n]*systemctl start[^\n]*\n"));
}

TEST_F(DoctorGuestTest, DaemonDoesNotListenThere) {
  EXPECT_THAT(InGuest("doctor --service_port=5673"),
              StartsWith("exit 1 broken: nothing listens on port 5673\n"));
}

TEST_F(DoctorGuestTest, AnotherProgramListensThere) {
  guest().KillAll();
  const auto other = vm().agent().Start("httpd -f -p 127.0.0.1:5999");
  ASSERT_TRUE(other.ok());
  guest().StartGuest();
  AwaitSaid("doctor --service_port=5999",
            absl::StrCat("broken: it is PID ", other->handle,
                         " (httpd) that listens on port 5999\n"));
  EXPECT_TRUE(vm().agent().Signal(*other, SIGKILL).ok());
  EXPECT_TRUE(vm().agent().Wait(*other, kLimit).ok());
}

TEST_F(DoctorGuestTest, ProtocolOptionsAreOff) {
  Restart("--protocol_options=false");
  AwaitSaid("doctor", "note: --protocol_options is off: ");
}

TEST_F(DoctorGuestTest, ProbeTimesTheHost) {
  EXPECT_THAT(InGuest("doctor --probe"), HasSubstr("note: not probed: PID "));
  ExpectChannelsWork(3);
  guest().KillAll();
  EXPECT_THAT(InGuest("doctor --probe"),
              MatchesRegex("0 ok: guest: [^\n]*the host's daemon answers on "
                           "qpid.0 in [0-9.]+.?s\n"));
  guest().StartGuest();
  ExpectChannelsWork(3);
}

TEST_F(DoctorGuestTest, ProbeFindsThatNobodyAnswers) {
  guest().KillAll();
  StopHost();
  const auto stranger =
      Stream::Connect(vm().SocketPath("0"), Deadline::After(kLimit));
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  AwaitSaid("doctor --probe --channels=qpid.0",
            "broken: no daemon of the host answers on qpid.0: no PONG came in "
            "time\n");
}

}  // namespace
}  // namespace vios::testing
