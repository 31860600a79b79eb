// SPDX-License-Identifier: Apache-2.0
// A healthy guest made of files, of which each test breaks one thing.
#include "proxy/ctl/doctor_guest.h"

#include <fcntl.h>
#include <stdlib.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/channel_filter.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/ctl/chain.h"
#include "proxy/ctl/scratch_machine.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// Is a character device, and hangs up when its master does: as a port.
class FakeDevice {
 public:
  FakeDevice() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    EXPECT_EQ(::grantpt(master_.get()), 0);
    EXPECT_EQ(::unlockpt(master_.get()), 0);
    char name[64] = "";
    EXPECT_EQ(::ptsname_r(master_.get(), name, sizeof name), 0);
    path_ = name;
  }
  const std::string& path() const { return path_; }

 private:
  const UniqueFd master_;
  std::string path_;
};

class DoctorGuestTest : public ::testing::Test {
 protected:
  DoctorGuestTest() {
    files_.Write("/sys/bus/virtio/devices/virtio1/device", "0x0003\n");
    files_.MakeDirectory("/sys/bus/virtio/drivers/virtio_console");
    AddPort("vport1p1", "qpid.0");
    AddPort("vport1p2", "qpid.1");
    files_.AddProcess(42, "/usr/bin/vios-proxy-guest --log_level=INFO");
    files_.Link("/proc/42/fd/5", "socket:[777]");
    // 127.0.0.1:5672
    files_.Write(
        "/proc/net/tcp",
        "sl\n 0: 0100007F:1628 00000000:0000 0A 0:0 0:0 0 0 0 777 1\n");
    files_.Write("/etc/passwd",
                 "root:x:0:0::/root:/bin/sh\nvios:x:77:77::/:\n");
    files_.Write("/etc/group", "root:x:0:\nvios:x:77:\n");
  }

  void AddPort(const std::string& node, const std::string& name) {
    files_.Write(absl::StrCat("/sys/class/virtio-ports/", node, "/name"),
                 name + "\n");
    WriteFigures(node, 1, 22);
    files_.Link("/dev/" + node, device_.path());
    files_.Link("/dev/virtio-ports/" + name, "../" + node);
  }
  void WriteFigures(const std::string& node, int attached, int received) {
    files_.Write("/sys/kernel/debug/virtio-ports/" + node,
                 absl::StrCat("name: qpid.0\nhost_connected: ", attached,
                              "\nbytes_received: ", received, "\n"));
  }
  void StopDaemon() {
    files_.Remove("/proc/42");
    files_.Remove("/proc/net/tcp");
  }

  std::string Examination() {
    GuestFacts facts = GatherGuestFacts(files_.machine(), setup_, us_);
    facts.report = report_;
    facts.status_fails = status_fails_;
    Verdicts verdicts = ExaminePorts(facts);
    Append(ExamineGuestDaemon(facts), verdicts);
    return VerdictText("guest", verdicts);
  }

  const ScratchMachine files_;
  const FakeDevice device_;
  GuestSetup setup_;
  Credentials us_;
  std::optional<DaemonReport> report_;
  bool status_fails_ = false;
};

TEST_F(DoctorGuestTest, HealthyGuestIsOneLine) {
  EXPECT_THAT(Examination(), MatchesRegex("ok: guest: [^\n]*\n"));
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("a host is attached to all 2"),
                    HasSubstr("PID 42"), HasSubstr("listens on port 5672")));
}

TEST_F(DoctorGuestTest, MachineWithoutTheDevice) {
  files_.Remove("/sys/bus/virtio/devices");
  EXPECT_THAT(Examination(),
              MatchesRegex("broken: this machine has no virtio-serial "
                           "device[^\n]*\n[^\n]*--qemu=N[^\n]*\n"));
}

TEST_F(DoctorGuestTest, ModuleThatIsNotLoaded) {
  files_.Remove("/sys/bus/virtio");
  files_.Write("/sys/bus/pci/devices/0000:00:04.0/vendor", "0x1af4\n");
  files_.Write("/sys/bus/pci/devices/0000:00:04.0/device", "0x1003\n");
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("broken: the kernel module virtio_console"),
                    HasSubstr("modprobe virtio_console")));
}

TEST_F(DoctorGuestTest, NoPortAtAll) {
  files_.Remove("/sys/class/virtio-ports");
  files_.Remove("/dev/virtio-ports");
  EXPECT_THAT(Examination(), HasSubstr("broken: the virtio-serial device has "
                                       "no ports"));
}

TEST_F(DoctorGuestTest, NoPortByThatNameTellsTheOnesThereAre) {
  setup_.channels = *ChannelFilter::Parse("db.*");
  EXPECT_THAT(Examination(), HasSubstr("broken: no port by the name db.*; the "
                                       "kernel has: qpid.0, qpid.1"));
}

TEST_F(DoctorGuestTest, OneOfTwoNamesIsWorthANote) {
  setup_.channels = *ChannelFilter::Parse("qpid.*,db.*");
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("ok: guest"),
                    HasSubstr("note: no port by the name db.*;")));
}

TEST_F(DoctorGuestTest, DirectoryOfLinksIsMissing) {
  files_.Remove("/dev/virtio-ports");
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("broken: the kernel has port qpid.0, but there "
                              "is no /dev/virtio-ports: udev"),
                    HasSubstr("ln -s /dev/vport1p1 /dev/virtio-ports/qpid.0")));
}

TEST_F(DoctorGuestTest, OneLinkIsMissing) {
  files_.Remove("/dev/virtio-ports/qpid.1");
  EXPECT_THAT(Examination(), HasSubstr("there is no /dev/virtio-ports/qpid.1"));
}

TEST_F(DoctorGuestTest, DirectoryOfItsOwnIsEmpty) {
  setup_.directory = "/dev/ours";
  files_.MakeDirectory("/dev/ours");
  EXPECT_THAT(Examination(), HasSubstr("broken: /dev/ours holds no port"));
}

TEST_F(DoctorGuestTest, DirectoryOfItsOwnNamesPortsAsItLikes) {
  setup_.directory = "/dev/ours";
  setup_.channels = *ChannelFilter::Parse("broker");
  files_.AddProcess(42, "vios-proxy-guest /dev/ours 5672");
  files_.Link("/dev/ours/broker", "../vport1p1");
  EXPECT_THAT(Examination(), MatchesRegex("ok: guest: [^\n]*\n"));
}

TEST_F(DoctorGuestTest, MoreThanFifteenPortsOnADeviceAreWorthANote) {
  for (int i = 2; i < 16; ++i) {
    AddPort(absl::StrCat("vport1p", i + 1), absl::StrCat("qpid.", i));
  }
  EXPECT_THAT(Examination(),
              HasSubstr("note: virtio-serial device 1 has 16 ports"));
}

TEST_F(DoctorGuestTest, DaemonWithoutPermission) {
  files_.Write("/proc/42/status", "Uid:\t77 77 77 77\nGid:\t77 77 77 77\n");
  EXPECT_THAT(
      Examination(),
      AllOf(HasSubstr("broken: user vios may not open "
                      "/dev/virtio-ports/qpid.0, which belongs to "),
            HasSubstr(", mode 06"),
            HasSubstr("SUBSYSTEM==\"virtio-ports\", ATTR{name}==\"qpid.*\", "
                      "GROUP=\"vios\", MODE=\"0660\"")));
}

TEST_F(DoctorGuestTest, WithoutADaemonThePermissionIsOurs) {
  StopDaemon();
  us_ = {.uid = 77, .groups = {77}};
  EXPECT_THAT(Examination(), HasSubstr("broken: user vios may not open"));
}

TEST_F(DoctorGuestTest, PortHeldByAnotherProgram) {
  files_.AddProcess(99, "/usr/bin/socat - /dev/vport1p2");
  files_.Link("/proc/99/fd/3", files_.Real("/dev/vport1p2"));
  EXPECT_THAT(Examination(),
              HasSubstr("broken: port qpid.1 is held by PID 99 (socat)\n"));
}

TEST_F(DoctorGuestTest, NoHostAtOneOfThePorts) {
  WriteFigures("vport1p2", 0, 0);
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("broken: no host is attached to qpid.1 (1 of 2"),
                    HasSubstr("Start vios-proxy-host")));
}

TEST_F(DoctorGuestTest, StatusTellsOfTheHostWhereTheKernelDoesNot) {
  files_.Remove("/sys/kernel/debug");
  report_ = DaemonReport{.channels = {{.name = "qpid.0", .state = "free"},
                                      {.name = "qpid.1", .state = "down"}}};
  EXPECT_THAT(Examination(), HasSubstr("no host is attached to qpid.1"));
}

TEST_F(DoctorGuestTest, RunningDaemonIsNotDisturbedToSeeTheHost) {
  files_.Remove("/sys/kernel/debug");
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("ok: guest"),
                    HasSubstr("note: whether a host is attached cannot be "
                              "seen at 2 of 2 ports"),
                    HasSubstr("--http_address")));
}

TEST_F(DoctorGuestTest, AStatusServerThatFailsIsNotAdvised) {
  files_.Remove("/sys/kernel/debug");
  status_fails_ = true;
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("note: whether a host is attached cannot be "),
                    HasSubstr("debugfs"), Not(HasSubstr("--http_address"))));
}

TEST_F(DoctorGuestTest, WithoutADaemonThePortItselfTells) {
  files_.Remove("/sys/kernel/debug");
  StopDaemon();
  EXPECT_THAT(Examination(), MatchesRegex("broken: vios-proxy-guest does not "
                                          "run here\n[^\n]*\n"));
}

TEST_F(DoctorGuestTest, HostThatNeverSaidAWord) {
  WriteFigures("vport1p1", 1, 0);
  EXPECT_THAT(Examination(),
              HasSubstr("broken: a host is attached to qpid.0, but no daemon "
                        "answers there: not a byte"));
}

TEST_F(DoctorGuestTest, SessionsThatGotNoAnswerAreWorthANote) {
  report_ = DaemonReport{.channels = {{.name = "qpid.0", .state = "free"}},
                         .ended = {{"connect_timeout", 3}}};
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("ok: guest"),
                    HasSubstr("note: 3 clients got no session in time")));
  report_->channels[0].peer_agent = "vios-proxy-host/1.0.0";
  EXPECT_THAT(Examination(), MatchesRegex("ok: guest: [^\n]*\n"));
}

TEST_F(DoctorGuestTest, HostOfWhichTheDaemonWaitsForAnAnswer) {
  report_ = DaemonReport{
      .channels = {{.name = "qpid.0", .state = "resync", .state_seconds = 31}}};
  EXPECT_THAT(Examination(), HasSubstr("has waited for 31s for an answer"));
}

TEST_F(DoctorGuestTest, BaseProtocolIsNotExpectedToSpeakFirst) {
  WriteFigures("vport1p1", 1, 0);
  files_.AddProcess(42, "vios-proxy-guest --protocol_options=false");
  files_.Write("/proc/net/tcp6",
               "sl\n 0: 0:1628 0:0000 0A 0:0 0:0 0 0 0 777 1\n");
  EXPECT_THAT(Examination(), AllOf(HasSubstr("ok: guest"),
                                   HasSubstr("note: --protocol_options is "
                                             "off")));
}

TEST_F(DoctorGuestTest, DaemonThatDoesNotRun) {
  StopDaemon();
  EXPECT_THAT(Examination(),
              MatchesRegex("broken: vios-proxy-guest does not run here\n"
                           "[^\n]*systemctl start vios-proxy-guest[^\n]*\n"));
}

TEST_F(DoctorGuestTest, DaemonThatDoesNotListenThere) {
  setup_.listen_address = SocketAddress::Loopback(8080);
  EXPECT_THAT(Examination(), AllOf(HasSubstr("broken: nothing listens on port "
                                             "8080\n"),
                                   HasSubstr("PID 42")));
}

TEST_F(DoctorGuestTest, AnotherProgramListensThere) {
  files_.Remove("/proc/42/fd/5");
  files_.AddProcess(66, "nginx");
  files_.Link("/proc/66/fd/5", "socket:[777]");
  EXPECT_THAT(Examination(), HasSubstr("broken: it is PID 66 (nginx) that "
                                       "listens on port 5672"));
}

TEST_F(DoctorGuestTest, AListenerThatSystemdHasOpenToo) {
  files_.AddProcess(1, "/sbin/init");
  files_.Link("/proc/1/fd/5", "socket:[777]");
  EXPECT_THAT(Examination(), MatchesRegex("ok: guest: [^\n]*\n"));
}

TEST_F(DoctorGuestTest, ListensOnAUnixSocket) {
  setup_.listen_address = *ParseSocketAddress("unix:/run/a b.sock", 0);
  EXPECT_THAT(Examination(), HasSubstr("nothing listens on unix:/run/a b"));
  files_.Write(
      "/proc/net/unix",
      "Num\n0: 00000002 00000000 00010000 0001 01 777 /run/a b.sock\n");
  EXPECT_THAT(Examination(), MatchesRegex("ok: guest: [^\n]*\n"));
}

TEST_F(DoctorGuestTest, PeerOf02IsWorthANote) {
  report_ = DaemonReport{
      .channels = {{.name = "qpid.0", .state = "free", .bytes_to_service = 7}}};
  EXPECT_THAT(Examination(), HasSubstr("note: the far end of qpid.0 speaks no "
                                       "options"));
}

TEST_F(DoctorGuestTest, OptionsThatAreOffAreWorthANote) {
  report_ = DaemonReport{.flags = {{"protocol_options", "false"}}};
  EXPECT_THAT(Examination(), HasSubstr("note: --protocol_options is off"));
}

TEST_F(DoctorGuestTest, DrainingIsWorthANote) {
  report_ = DaemonReport{.program = "vios-proxy-guest", .draining = true};
  files_.Remove("/proc/net/tcp");
  EXPECT_THAT(Examination(), AllOf(HasSubstr("ok: guest"),
                                   HasSubstr("note: vios-proxy-guest drains")));
}

}  // namespace
}  // namespace vios
