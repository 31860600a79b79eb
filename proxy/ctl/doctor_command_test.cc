// SPDX-License-Identifier: Apache-2.0
// What the doctor says where it asks status servers, on a machine made of
// files.
#include "proxy/ctl/doctor_command.h"

#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/cancel.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/ctl/chain.h"
#include "proxy/ctl/daemon_choice.h"
#include "proxy/ctl/daemon_finder.h"
#include "proxy/ctl/process_list.h"
#include "proxy/ctl/scratch_machine.h"
#include "proxy/ctl/socket_owner.h"
#include "proxy/fake_http_server.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// With process 42, which serves /x/h.
constexpr char kAllIsWell[] =
    "ok: host: 1 sockets in /x/h; [^\n]*PID 42[^\n]* takes connections\n";

class DoctorCommandTest : public ::testing::Test {
 protected:
  DoctorCommandTest() {
    files_.MakeDirectory("/x/h/g1");
    EXPECT_EQ(::mknod(files_.Real("/x/h/g1/0").c_str(), S_IFSOCK | 0600, 0), 0);
    files_.Write("/proc/net/unix",
                 "Num\n0: 00000002 00000000 00010000 0001 01 100 /x/h/g1/0\n");
  }

  // A status server of a host daemon that serves `directory`, and its address.
  std::unique_ptr<FakeHttpServer> Server(const std::string& name,
                                         const std::string& directory) {
    const std::string path = sockets_ / name;
    request_.http_addresses.push_back("unix:" + path);
    const std::string body = absl::StrCat(
        "HTTP/1.1 200 OK\r\n\r\n", R"({"program": "vios-proxy-host",)",
        R"("directory": ")", directory, R"(", "flags": {"service_port": ")",
        PortOfListener(service_.get()), R"("}, "channels": [
        {"guest": "g1", "name": "0", "state": "free", "heard": true}]})");
    return std::make_unique<FakeHttpServer>(
        path, [body](const std::string&) { return body; });
  }
  // It is held by process `pid`.
  void ListenAt(const std::string& name, int pid) {
    files_.Write("/proc/net/unix",
                 absl::StrCat(files_.machine().Read("/proc/net/unix"),
                              "0: 00000002 00000000 00010000 0001 01 ", pid,
                              " ", sockets_ / name, "\n"));
    files_.Link(absl::StrCat("/proc/", pid, "/fd/3"),
                absl::StrCat("socket:[", pid, "]"));
  }
  // A status server that takes connections and never answers.
  UniqueFd HungServer(const std::string& name) {
    const std::string path = sockets_ / name;
    request_.http_addresses.push_back("unix:" + path);
    return *OpenListener(*ParseSocketAddress("unix:" + path, 0), 0600);
  }
  std::string Doctor() {
    return RunDoctor(request_, files_.machine(), *wakeup_).out;
  }

  const ScratchMachine files_;
  const ScratchDir sockets_;
  const UniqueFd service_ = *OpenListener(SocketAddress::Loopback(0), 0);
  DoctorRequest request_ = {.side = "host", .as_started = true};
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(DoctorCommandTest, LooksAtWhatTheDaemonWasStartedWith) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  const auto server = Server("s", "/x/h");
  EXPECT_THAT(Doctor(), MatchesRegex(kAllIsWell));
}

TEST_F(DoctorCommandTest, ARelativeDirectoryIsFromWhereTheDaemonRuns) {
  files_.AddProcess(42, "vios-proxy-host ./h 80");
  files_.Link("/proc/42/cwd", "/x");
  const auto server = Server("s", "./h");
  EXPECT_THAT(Doctor(), MatchesRegex(kAllIsWell));
}

TEST_F(DoctorCommandTest, OfTwoDaemonsTheOneThatHoldsTheStatusServerAnswers) {
  files_.AddProcess(42, "vios-proxy-host h 80");
  files_.Link("/proc/42/cwd", "/elsewhere");
  files_.AddProcess(43, "vios-proxy-host h 80");
  files_.Link("/proc/43/cwd", "/x");
  const auto server = Server("s", "h");
  ListenAt("s", 43);
  request_.http_address_given = true;
  EXPECT_THAT(Doctor(), HasSubstr("ok: host: 1 sockets in /x/h;"));
}

TEST_F(DoctorCommandTest, TheOnlyOneThatAnswersNeedNotBeTheOnlyOne) {
  files_.AddProcess(42, "vios-proxy-host");
  files_.AddProcess(43, "vios-proxy-host /x/h 80");
  const auto server = Server("s", "/x/h");
  ListenAt("s", 43);
  EXPECT_THAT(Doctor(), HasSubstr("broken: there is no directory /tmp/qpid\n"));
}

TEST_F(DoctorCommandTest, AGivenAddressOfTheOtherSideIsSaid) {
  files_.AddProcess(42, "vios-proxy-guest");
  const auto server = Server("s", "/x/h");
  request_.http_address_given = true;
  request_.side = "guest";
  EXPECT_THAT(Doctor(), HasSubstr("broken: it is vios-proxy-host that answers "
                                  "at unix:"));
  files_.AddProcess(43, "vios-proxy-host /x/h 80");
  request_.side = "";
  EXPECT_THAT(Doctor(), HasSubstr("ok: host: 1 sockets in /x/h;"));
}

TEST_F(DoctorCommandTest, ADaemonThatHangsIsNoneOfAnotherDirectory) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  files_.AddProcess(43, "vios-proxy-host /x/b 80");
  const UniqueFd server = HungServer("s");
  ListenAt("s", 43);
  request_.as_started = false;
  request_.host.directory = "/x/h";
  EXPECT_THAT(Doctor(), Not(HasSubstr("does not answer at unix")));
}

TEST_F(DoctorCommandTest, WhereTwoListenOnAPortItIsNotToldWhoAnswers) {
  files_.Write("/proc/net/tcp",
               "sl\n 0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 42 1\n"
               " 1: 0200007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 43 1\n");
  for (const int pid : {42, 43}) {
    files_.AddProcess(pid, "vios-proxy-host h 80");
    files_.Link(absl::StrCat("/proc/", pid, "/fd/3"),
                absl::StrCat("socket:[", pid, "]"));
  }
  const ProcessList processes(files_.machine());
  EXPECT_FALSE(OwnerOfServer(files_.machine(), processes, "127.0.0.2:8080",
                             "vios-proxy-host")
                   .has_value());
  EXPECT_TRUE(OwnerOfListener(files_.machine(), processes,
                              *ParseSocketAddress("127.0.0.2", 8080),
                              "vios-proxy-host")
                  .has_value());
}

TEST_F(DoctorCommandTest, ARelativeDirectoryThatCannotBeToldIsNotTheDefault) {
  files_.AddProcess(42, "vios-proxy-host h 80");
  const auto server = Server("s", "h");
  EXPECT_THAT(Doctor(),
              AllOf(HasSubstr("ok: host: vios-proxy-host runs, PID 42; "),
                    HasSubstr(" takes connections\nnote: the directory h of "
                              "vios-proxy-host at unix:"),
                    HasSubstr("cannot be told"), HasSubstr("--guest_directory"),
                    Not(HasSubstr("/tmp/qpid")), Not(HasSubstr("5672"))));
}

TEST_F(DoctorCommandTest, ADaemonThatHangsIsToldAndNothingElse) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  const UniqueFd server = HungServer("s");
  EXPECT_THAT(Doctor(),
              MatchesRegex("broken: vios-proxy-host does not answer at "
                           "unix:[^\n]*/s: [^\n]*\n[^\n]*log[^\n]*\n"));
}

TEST_F(DoctorCommandTest, ADaemonThatHangsIsToldBesidesWhatWasAskedFor) {
  files_.AddProcess(42, "vios-proxy-guest /x/h 80");
  request_ = {.side = "guest"};
  const UniqueFd server = HungServer("s");
  EXPECT_THAT(Doctor(),
              AllOf(HasSubstr("broken: vios-proxy-guest does not answer at "),
                    HasSubstr("broken: this machine has no virtio-serial")));
}

TEST_F(DoctorCommandTest, ASocketThatWasLeftBehindIsWorthANote) {
  files_.AddProcess(42, "vios-proxy-host /tmp/qpid 80");
  (void)HungServer("s");
  EXPECT_THAT(Doctor(), HasSubstr("note: nobody listens at unix:"));
}

TEST_F(DoctorCommandTest, AFileLeftBehindIsNoneOfADaemonThatAnswers) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  const auto server = Server("s", "/x/h");
  (void)HungServer("left");
  EXPECT_THAT(Doctor(), MatchesRegex("ok: host: [^\n]*\n"));
}

TEST_F(DoctorCommandTest, AServerOfTheOtherSideIsNotOurs) {
  files_.AddProcess(42, "vios-proxy-host /tmp/qpid 80");
  files_.AddProcess(43, "vios-proxy-guest");
  const UniqueFd server = HungServer("s");
  ListenAt("s", 43);
  EXPECT_THAT(Doctor(), Not(HasSubstr("does not answer at unix")));
}

TEST_F(DoctorCommandTest, AGivenAddressThatFailsIsAlwaysShown) {
  request_.http_address_given = true;
  (void)HungServer("s");
  EXPECT_THAT(Doctor(), HasSubstr("broken: no daemon answers at unix:"));
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  EXPECT_THAT(Doctor(),
              MatchesRegex("broken: vios-proxy-host does not answer at "
                           "unix:[^\n]*\n[^\n]*--http_address[^\n]*\n"));
}

TEST_F(DoctorCommandTest, AServerThatWeMayNotAskIsWorthANote) {
  files_.AddProcess(42, "vios-proxy-host /x/h");
  WantedDaemon wanted = {.kind = {"vios-proxy-host", "/x/h"},
                         .directory = "/x/h",
                         .as_started = true};
  const DaemonReports all = {
      .failures = {{"unix:/run/s", absl::PermissionDeniedError("closed")}}};
  const auto choose = [&] {
    return ChooseDaemon(wanted, all, files_.machine());
  };
  EXPECT_EQ(choose().extent, DaemonChoice::Extent::kAll);
  EXPECT_THAT(VerdictText("host", choose().verdicts),
              HasSubstr("note: this user may not ask the daemon at "
                        "unix:/run/s: closed\n"));
  wanted.address_given = true;
  EXPECT_EQ(choose().extent, DaemonChoice::Extent::kNothing);
  EXPECT_THAT(VerdictText("host", choose().verdicts),
              HasSubstr("broken: this user may not ask"));
}

TEST_F(DoctorCommandTest, OfTwoDaemonsNoneIsGuessed) {
  files_.AddProcess(42, "vios-proxy-host /x/h/ 80");
  files_.AddProcess(43, "vios-proxy-host --flagfile=/etc/vios-proxy/b.flags");
  EXPECT_THAT(
      Doctor(),
      MatchesRegex("broken: no vios-proxy-host is known to serve "
                   "/tmp/qpid: PID 42 serves /x/h/; PID 43 serves a "
                   "directory that cannot be told\n"
                   "    Say which is meant with --http_address, or with "
                   "--guest_directory [^\n]*\n"));
}

TEST_F(DoctorCommandTest, OfTwoDaemonsThatAnswerNoneIsGuessed) {
  files_.AddProcess(42, "vios-proxy-host --flagfile=/etc/vios-proxy/a.flags");
  files_.AddProcess(43, "vios-proxy-host /x/b 80");
  const auto a = Server("a.sock", "/x/h");
  ListenAt("a.sock", 42);
  const auto b = Server("b.sock", "/x/b");
  const auto c = Server("c.sock", "/x/c");
  EXPECT_THAT(Doctor(),
              MatchesRegex("broken: [^\n]*/tmp/qpid: PID 42 serves /x/h and "
                           "answers at unix:[^\n]*/a.sock; PID 43 serves /x/b "
                           "and answers at unix:[^\n]*/b.sock; one serves /x/c "
                           "and answers at unix:[^\n]*/c.sock\n[^\n]*\n"));
}

TEST_F(DoctorCommandTest, OneThatServesAnotherDirectoryIsNamed) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  EXPECT_THAT(Doctor(), HasSubstr("to serve /tmp/qpid: PID 42 serves /x/h\n"));
  request_.as_started = false;
  EXPECT_THAT(Doctor(),
              HasSubstr("broken: vios-proxy-host does not run here for "
                        "that directory, but PID 42 serves /x/h\n"));
}

TEST_F(DoctorCommandTest, OfTwoDaemonsTheDefaultOneIsLookedAt) {
  files_.AddProcess(42, "vios-proxy-host /x/h 80");
  files_.AddProcess(43, "vios-proxy-host");
  EXPECT_THAT(Doctor(), HasSubstr("broken: there is no directory /tmp/qpid\n"));
}

}  // namespace
}  // namespace vios
