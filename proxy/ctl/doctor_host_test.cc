// SPDX-License-Identifier: Apache-2.0
// A healthy host made of files, of which each test breaks one thing.
#include "proxy/ctl/doctor_host.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/ctl/chain.h"
#include "proxy/ctl/scratch_machine.h"
#include "proxy/service_address.h"
#include "proxy/silent_guest.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// A port of this machine that takes connections, while it lives.
class FakeService {
 public:
  FakeService() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress any = *ParseSocketAddress("127.0.0.1", 0);
    EXPECT_EQ(::bind(fd_.get(), any.addr(), any.size()), 0);
    sockaddr_in bound = {};
    socklen_t size = sizeof bound;
    EXPECT_EQ(
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&bound), &size),
        0);
    port_ = ntohs(bound.sin_port);
    EXPECT_EQ(::listen(fd_.get(), 4), 0);
  }
  uint16_t port() const { return port_; }
  void Stop() { fd_.Reset(); }

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

class DoctorHostTest : public ::testing::Test {
 protected:
  DoctorHostTest() {
    files_.MakeDirectory("/tmp/qpid/g1");
    MakeSocket("/tmp/qpid/g1/0");
    MakeSocket("/tmp/qpid/g1/1");
    WriteUnixSockets();
    files_.AddProcess(42, "/usr/sbin/vios-proxy-host");
    files_.Link("/proc/42/fd/7", "socket:[201]");
    files_.AddProcess(50, "qemu-system-x86_64 -device virtserialport,bus=a.0");
    files_.Link("/proc/50/fd/9", "socket:[100]");
    files_.Write("/etc/passwd", "root:x:0:0::/:\nvios:x:77:77::/:\n");
    setup_.service = ServiceAddress(SocketAddress::Loopback(service_.port()));
  }

  void MakeSocket(const std::string& path) {
    ASSERT_EQ(::mknod(files_.Real(path).c_str(), S_IFSOCK | 0600, 0), 0);
  }
  // Both sockets listen, and the first has a client, whose end is 201.
  void WriteUnixSockets(const std::string& second = "/tmp/qpid/g1/1") {
    files_.Write(
        "/proc/net/unix",
        absl::StrCat(
            "Num RefCount Protocol Flags Type St Inode Path\n"
            "0: 00000002 00000000 00010000 0001 01 100 /tmp/qpid/g1/0\n"
            "0: 00000003 00000000 00000000 0001 03 101 /tmp/qpid/g1/0\n"
            "0: 00000002 00000000 00010000 0001 01 102 ",
            second, "\n"));
  }
  std::string Examination() {
    HostFacts facts = GatherHostFacts(files_.machine(), setup_, us_);
    facts.report = report_;
    facts.peers = peers_;
    Verdicts verdicts = ExamineSockets(facts);
    Append(
        ExamineHostDaemon(facts, Deadline::After(absl::Seconds(30)), *wakeup_),
        verdicts);
    return VerdictText("host", verdicts);
  }

  const ScratchMachine files_;
  FakeService service_;
  HostSetup setup_;
  Credentials us_;
  UnixPeers peers_ = {{101, 201}, {201, 101}};
  std::optional<DaemonReport> report_;
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(DoctorHostTest, HealthyHostIsOneLine) {
  EXPECT_THAT(Examination(), MatchesRegex("ok: host: [^\n]*\n"));
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("2 sockets in /tmp/qpid"), HasSubstr("PID 42"),
                    HasSubstr("takes connections")));
}

TEST_F(DoctorHostTest, DirectoryIsMissing) {
  files_.Remove("/tmp/qpid");
  EXPECT_THAT(Examination(), AllOf(HasSubstr("broken: there is no directory "
                                             "/tmp/qpid\n"),
                                   HasSubstr("mkdir -p /tmp/qpid/GUEST")));
}

TEST_F(DoctorHostTest, DirectoryIsAFile) {
  files_.Remove("/tmp/qpid");
  files_.Write("/tmp/qpid", "text");
  EXPECT_THAT(Examination(), HasSubstr("broken: Guest path is not a "
                                       "directory"));
}

TEST_F(DoctorHostTest, NoSocketThere) {
  files_.Remove("/tmp/qpid/g1");
  EXPECT_THAT(Examination(), HasSubstr("broken: no socket in /tmp/qpid or"));
}

TEST_F(DoctorHostTest, StrayFileIsWorthANote) {
  files_.Write("/tmp/qpid/readme", "text");
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("ok: host"),
                    HasSubstr("note: Guest root path is not a directory")));
}

TEST_F(DoctorHostTest, PathTooLongForAnAddress) {
  const std::string path = "/tmp/qpid/g1/" + std::string(95, 'n');
  MakeSocket(path);
  EXPECT_THAT(Examination(), HasSubstr("has 108 bytes; the address of a socket "
                                       "holds 107"));
}

TEST_F(DoctorHostTest, DaemonWithoutPermissionOnASocket) {
  files_.Write("/proc/42/status", "Uid:\t77 77 77 77\nGid:\t77 77 77 77\n");
  struct stat file = {};
  ASSERT_EQ(::stat(files_.Real("/tmp/qpid/g1/0").c_str(), &file), 0);
  files_.Write("/etc/group", absl::StrCat("kvm:x:", file.st_gid, ":\n"));
  EXPECT_THAT(
      Examination(),
      AllOf(HasSubstr("broken: user vios may not connect to /tmp/qpid/g1/0: "
                      "/tmp/qpid/g1/0 belongs to "),
            HasSubstr(":kvm, mode 0600"),
            HasSubstr("usermod --append --groups kvm vios")));
}

TEST_F(DoctorHostTest, DaemonWithoutPermissionOnTheDirectory) {
  files_.Write("/proc/42/status", "Uid:\t77 77 77 77\nGid:\t77 77 77 77\n");
  ASSERT_EQ(::chmod(files_.Real("/tmp/qpid/g1").c_str(), 0750), 0);
  EXPECT_THAT(Examination(), HasSubstr("/tmp/qpid/g1/0: /tmp/qpid/g1 belongs"));
}

TEST_F(DoctorHostTest, QemuIsGone) {
  files_.Remove("/proc/42");
  WriteUnixSockets("/elsewhere");
  EXPECT_THAT(Examination(), HasSubstr("broken: nobody listens on "
                                       "/tmp/qpid/g1/1: the QEMU"));
}

TEST_F(DoctorHostTest, QemuIsGoneAsTheDaemonSays) {
  WriteUnixSockets("/elsewhere");
  report_ = DaemonReport{
      .channels = {{.guest = "g1",
                    .name = "1",
                    .state = "down",
                    .last_error = "connect /1: Connection refused"}}};
  EXPECT_THAT(Examination(), HasSubstr("nobody listens on /tmp/qpid/g1/1"));
}

TEST_F(DoctorHostTest, QemuWhoseBacklogIsFullIsThere) {
  WriteUnixSockets("/elsewhere");
  report_ = DaemonReport{
      .channels = {{.guest = "g1",
                    .name = "1",
                    .state = "down",
                    .state_seconds = 60,
                    .last_error = "connect /1: Resource temporarily "
                                  "unavailable"}}};
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("note: vios-proxy-host is not connected to 1 of"),
                    Not(HasSubstr("nobody listens"))));
}

TEST_F(DoctorHostTest, QemuOfAnotherNamespaceIsThereIfTheDaemonSaysSo) {
  WriteUnixSockets("/elsewhere");
  report_ =
      DaemonReport{.channels = {{.guest = "g1", .name = "1", .state = "free"}}};
  EXPECT_THAT(Examination(), MatchesRegex("ok: host: [^\n]*\n"));
}

TEST_F(DoctorHostTest, SomethingElseIsConnected) {
  files_.Remove("/proc/42/fd/7");
  files_.AddProcess(77, "socat - UNIX:/tmp/qpid/g1/0");
  files_.Link("/proc/77/fd/3", "socket:[201]");
  EXPECT_THAT(Examination(), HasSubstr("broken: something else is connected to "
                                       "/tmp/qpid/g1/0: PID 77 (socat)\n"));
}

TEST_F(DoctorHostTest, AnotherHostDaemonHasTheChannel) {
  files_.AddProcess(43, "vios-proxy-host /tmp/qpid/g1 80");
  files_.Remove("/proc/42/fd/7");
  files_.Link("/proc/43/fd/7", "socket:[201]");
  report_ =
      DaemonReport{.program = "vios-proxy-host",
                   .channels = {{.guest = "g1", .name = "0", .state = "down"}}};
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("broken: another vios-proxy-host (PID 43) is "
                              "connected to /tmp/qpid/g1/0\n"),
                    HasSubstr("stop one of them")));
  report_->channels[0].state = "free";
  EXPECT_THAT(Examination(), Not(HasSubstr("another")));
}

// Behind the other's connection it does not know that nobody attends to it.
TEST_F(DoctorHostTest, AnotherHostDaemonComesBeforeTheOneThatWasAsked) {
  files_.AddProcess(43, "vios-proxy-host /tmp/qpid/g1 80");
  files_.Write("/proc/net/tcp",
               "sl\n 0: 0100007F:0050 0:0 0A 0:0 0:0 0 0 0 300 1\n");
  files_.Link("/proc/43/fd/3", "socket:[300]");
  report_ =
      DaemonReport{.address = "127.0.0.1:80",
                   .program = "vios-proxy-host",
                   .channels = {{.guest = "g1", .name = "0", .state = "free"}}};
  EXPECT_THAT(Examination(), HasSubstr("another vios-proxy-host (PID 42)"));
}

// Since it was asked.
TEST_F(DoctorHostTest, TheDaemonThatHasConnectedIsNoOther) {
  report_ =
      DaemonReport{.program = "vios-proxy-host",
                   .channels = {{.guest = "g1", .name = "0", .state = "down"}}};
  EXPECT_THAT(Examination(), MatchesRegex("ok: host: [^\n]*\n"));
}

TEST_F(DoctorHostTest, GuestThatHasNotOpenedItsPort) {
  report_ = DaemonReport{.channels = {{.guest = "g1",
                                       .name = "0",
                                       .state = "free",
                                       .last_error = kSilentGuest}}};
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("broken: guest g1 has not opened its end of "
                              "channel 0"),
                    HasSubstr("Start vios-proxy-guest in the guest")));
}

TEST_F(DoctorHostTest, GuestThatHasSpokenSinceItWasSilent) {
  report_ = DaemonReport{.channels = {{.guest = "g1",
                                       .name = "0",
                                       .state = "free",
                                       .heard = true,
                                       .last_error = kSilentGuest}}};
  EXPECT_THAT(Examination(), Not(HasSubstr("guest g1")));
}

TEST_F(DoctorHostTest, ChannelsThatTheDaemonCannotConnectTo) {
  report_ = DaemonReport{
      .program = "vios-proxy-host",
      .channels = {
          {.guest = "g1",
           .name = "0",
           .state = "down",
           .state_seconds = 60,
           .last_error = "connect: try again"},
          {.guest = "g1", .name = "1", .state = "down", .state_seconds = 1}}};
  EXPECT_THAT(Examination(),
              HasSubstr("note: vios-proxy-host is not connected to 1 of 2 "
                        "channels, such as 0: connect: try again"));
  report_->channels[1].state_seconds = 60;
  EXPECT_THAT(Examination(), HasSubstr("broken: vios-proxy-host is not "
                                       "connected to 2 of 2 channels"));
  report_->draining = true;
  EXPECT_THAT(Examination(), Not(HasSubstr("not connected")));
}

TEST_F(DoctorHostTest, MoreThanFifteenPortsOnADeviceAreWorthANote) {
  std::string line = "qemu-system-x86_64";
  for (int i = 0; i < 16; ++i) line += " -device virtserialport,bus=a.0";
  files_.AddProcess(50, line);
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr("ok: host"),
                    HasSubstr("note: PID 50 (qemu-system-x86_64) has 16 "
                              "ports on one")));
}

TEST_F(DoctorHostTest, DaemonThatDoesNotRun) {
  files_.Remove("/proc/42");
  EXPECT_THAT(Examination(),
              MatchesRegex("broken: vios-proxy-host does not run here\n"
                           "[^\n]*systemctl start vios-proxy-host@NAME[^\n]*"
                           "\n"));
}

TEST_F(DoctorHostTest, ServiceThatIsNotThere) {
  service_.Stop();
  EXPECT_THAT(Examination(),
              AllOf(HasSubstr(absl::StrCat("broken: the service at 127.0.0.1:",
                                           setup_.service.port())),
                    HasSubstr("Connection refused"), Not(HasSubstr("ok:"))));
}

TEST_F(DoctorHostTest, ServiceWithoutAName) {
  setup_.service = *ServiceAddress::Parse("no-such-host.invalid", 1);
  EXPECT_THAT(Examination(),
              HasSubstr("broken: the service at no-such-host.invalid port"));
}

TEST_F(DoctorHostTest, PeerOf02AndOptionsThatAreOff) {
  report_ = DaemonReport{.channels = {{.guest = "g1",
                                       .name = "0",
                                       .state = "free",
                                       .bytes_from_service = 7}}};
  EXPECT_THAT(Examination(), HasSubstr("note: the far end of 0 speaks no "));
  report_ = DaemonReport{.flags = {{"protocol_options", "false"}}};
  EXPECT_THAT(Examination(), HasSubstr("note: --protocol_options is off"));
}

}  // namespace
}  // namespace vios
