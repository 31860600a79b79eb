// SPDX-License-Identifier: Apache-2.0
//
// What a daemon needs to start, and how it stops.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "channel/refuse_call.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"
#include "testing/cli.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr uid_t kOtherUser = 64001;

INSTANTIATE_TEST_SUITE_P(Daemons, BothTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

TEST_P(BothTest, FileIsNotADirectory) {
  ExpectFatal(RunToEnd(program(), {NewFile("file", "")}),
              absl::StrCat(program().not_a_directory_diagnostic, ": ",
                           Path("file"), "\n"));
}

TEST_P(BothTest, UnreadableDirectoryIsTheOpenDiagnostic) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  const std::string closed = NewDirectory("closed", 0700);
  const Ran open = RunToEnd(program(), {closed}, {}, kOtherUser);
  ExpectFatal(open, program().open_diagnostic);
  EXPECT_THAT(open.err, EndsWith(closed + ": Permission denied\n"));
  const Ran stat = RunToEnd(program(), {closed + "/in"}, {}, kOtherUser);
  ExpectFatal(stat, program().stat_diagnostic);
  EXPECT_THAT(stat.err, EndsWith(closed + "/in: Permission denied\n"));
}

TEST_P(BothTest, SecondInstanceIsToldWhoIsFirst) {
  const std::string channels = NewDirectory("channels");
  const auto first = StartUp(program(), GoodArgs(program(), channels));
  Words again = GoodArgs(program(), channels + "/.");
  if (again.size() > 1) again[1] = ListenFlag("other");
  ExpectFatal(RunToEnd(program(), again),
              absl::StrCat("Another ", program().name, " (PID ", first->pid(),
                           " of user ", ::getuid(), ") already serves ",
                           channels, "/. with --channels=*\n"));
  again.push_back("--channels=other.*");
  StartUp(program(), again);
}

TEST_P(BothTest, TermAndIntEndWithStatusZero) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto daemon = StartUp(program(), GoodArgs(program(), Directory()));
    daemon->Signal(signal);
    EXPECT_EQ(daemon->Wait(Soon()).value(), 0);
    EXPECT_THAT(daemon->err(), ContainsRegex("ALERT stopped\n$"));
    EXPECT_THAT(daemon->out(), IsEmpty());
  }
}

TEST_P(BothTest, HangUpDoesNotKill) {
  const auto daemon = StartUp(program(), GoodArgs(program(), Directory()));
  daemon->Signal(SIGPIPE);
  daemon->Signal(SIGHUP);
  EXPECT_TRUE(daemon->AwaitStderr("SIGHUP: log files reopened", Soon()).ok());
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value(), 0);
}

TEST_P(BothTest, LogLevelHidesWhatIsLessSevere) {
  Words args = GoodArgs(program(), Directory());
  args.push_back("--log_level=alert");
  const auto daemon = StartUp(program(), args);
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value(), 0);
  EXPECT_THAT(daemon->err(), Not(HasSubstr("NOTICE")));
  EXPECT_THAT(daemon->err(),
              MatchesRegex("[^\n]+ ALERT started: [^\n]+\n[^\n]+ ALERT "
                           "stopped\n"));
}

std::string AllFilesOf(const std::string& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path());
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

TEST_P(BothTest, LogDirectoryTakesTheLines) {
  const std::string logs = NewDirectory("logs");
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.push_back("--log_dir=" + logs);
  const auto daemon = StartUp(program(), args);
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value(), 0);
  EXPECT_THAT(AllFilesOf(logs), HasSubstr("NOTICE stopping"));
  EXPECT_THAT(daemon->err(), Not(HasSubstr("NOTICE stopping")));
}

TEST_P(BothTest, EnvironmentAloneMovesNoLog) {
  const std::string logs = NewDirectory("logs");
  const auto daemon =
      Start(program(), GoodArgs(program(), NewDirectory("channels")),
            {"GOOGLE_LOG_DIR=" + logs, "TEST_TMPDIR=" + logs});
  EXPECT_TRUE(daemon->AwaitStderr("ALERT started", Soon()).ok());
  EXPECT_THAT(AllFilesOf(logs), IsEmpty());
}

TEST_P(BothTest, LogFilesAreMadeAnewOnHangUp) {
  const std::string logs = NewDirectory("logs");
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.push_back("--log_dir=" + logs);
  const auto daemon = StartUp(program(), args);
  const std::filesystem::path moved = NewDirectory("moved");
  for (const auto& old : std::filesystem::directory_iterator(logs)) {
    std::filesystem::rename(old.path(), moved / old.path().filename());
  }
  daemon->Signal(SIGHUP);
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value(), 0);
  EXPECT_THAT(AllFilesOf(logs), HasSubstr("ALERT stopped"));
  EXPECT_THAT(AllFilesOf(logs), Not(HasSubstr("ALERT started")));
}

TEST_P(BothTest, PollThatCannotWorkIsFatal) {
  const auto daemon =
      Subprocess::Start("proxy/" + program().name,
                        {.args = GoodArgs(program(), NewDirectory("channels")),
                         .refusals = {{kPollCall, EFAULT}}});
  ASSERT_TRUE(daemon.ok()) << daemon.status();
  EXPECT_EQ((*daemon)->Wait(Soon()).value(), 1);
  EXPECT_THAT((*daemon)->err(), HasSubstr("FATAL poll(): Bad address\n"));
}

TEST_F(CliTest, PortInUseIsTheBindDiagnostic) {
  const auto taken = OpenListener(*ParseSocketAddress("127.0.0.1", 0), 0600);
  ASSERT_TRUE(taken.ok());
  const std::string port = absl::StrCat(PortOfListener(taken->get()));
  ExpectFatal(RunToEnd(GuestProgram(), {Directory(), port}),
              absl::StrCat("Proxy service bind: 127.0.0.1:", port,
                           ": Address already in use\n"));
}

TEST_F(CliTest, ForeignAddressIsTheBindDiagnostic) {
  ExpectFatal(
      RunToEnd(GuestProgram(), {Directory(), "--listen_address=192.0.2.1"}),
      "Proxy service bind: 192.0.2.1:5672: Cannot assign requested "
      "address\n");
}

TEST_F(CliTest, UnixListenerHasItsMode) {
  const auto guest = StartUp(GuestProgram(), {Directory(), ListenFlag("listen"),
                                              "--listen_mode=0600"});
  struct stat file = {};
  ASSERT_EQ(::lstat(Path("listen").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, mode_t{0600});
}

TEST_F(CliTest, LiveUnixListenerIsInUseAndAStaleOneIsReplaced) {
  const Words args = {NewDirectory("a"), ListenFlag("listen")};
  auto first = StartUp(GuestProgram(), args);
  ExpectFatal(
      RunToEnd(GuestProgram(), {NewDirectory("b"), ListenFlag("listen")}),
      absl::StrCat("Proxy service bind: unix:", Path("listen"),
                   ": Address already in use\n"));
  first->Signal(SIGKILL);
  EXPECT_EQ(first->Wait(Soon()).value(), 128 + SIGKILL);
  StartUp(GuestProgram(), args);
}

}  // namespace
}  // namespace vios
