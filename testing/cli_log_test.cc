// SPDX-License-Identifier: Apache-2.0
//
// Where the daemons' lines go, and what they look like.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "testing/cli.h"
#include "testing/subprocess.h"
#include "testing/told_lines.h"
#include "testing/vm/eventually.h"

namespace vios {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

INSTANTIATE_TEST_SUITE_P(Daemons, BothTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

// Discarded if it is not JSON.
std::vector<nlohmann::json> Objects(const std::string& lines) {
  std::vector<nlohmann::json> objects;
  for (const auto line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    objects.push_back(nlohmann::json::parse(line, nullptr, false));
  }
  return objects;
}

TEST_P(BothTest, EveryLineOfAJsonLogIsAnObject) {
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.insert(args.end(), {"--log_format=json", "--log_level=DEBUG"});
  NewDirectory("channels/g\xff\n");
  NewFile("channels/a\"b\xc3\n", "");
  const auto daemon = Start(program(), args);
  ASSERT_TRUE(daemon->AwaitStderr("a\\\"b", Soon()).ok());
  daemon->Signal(SIGHUP);
  ASSERT_TRUE(daemon->AwaitStderr("reopened", Soon()).ok());
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->Wait(Soon()).value(), 0);
  const auto objects = Objects(daemon->err());
  ASSERT_GE(objects.size(), 4u);
  for (const auto& object : objects) {
    ASSERT_TRUE(object.is_object()) << daemon->err();
    for (const char* name : {"severity", "time", "thread", "message"}) {
      EXPECT_TRUE(object.contains(name)) << object.dump();
    }
  }
  EXPECT_EQ(objects.back()["severity"], "ALERT");
  EXPECT_EQ(objects.back()["message"], "stopped");
}

TEST_P(BothTest, TheJournalIsToldHowSevereEachLineIs) {
  for (const std::string format : {"text", "json"}) {
    Words args = GoodArgs(program(), NewDirectory("channels-" + format));
    args.push_back("--log_format=" + format);
    Words words = {"-c",
                   "export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); "
                   "exec \"$0\" \"$@\"",
                   "proxy/" + program().name};
    words.insert(words.end(), args.begin(), args.end());
    const auto daemon = *Subprocess::Start("/bin/sh", {.args = words});
    ASSERT_TRUE(daemon->AwaitStderr("started", Soon()).ok());
    daemon->Signal(SIGHUP);
    ASSERT_TRUE(daemon->AwaitStderr("reopened", Soon()).ok());
    daemon->Signal(SIGTERM);
    ASSERT_EQ(daemon->Wait(Soon()).value(), 0);
    for (const auto line :
         absl::StrSplit(daemon->err(), '\n', absl::SkipEmpty())) {
      EXPECT_THAT(std::string(line), ContainsRegex("^<[4-7]>[2{]"));
    }
    EXPECT_THAT(daemon->err(),
                HasSubstr(format == "text" ? "\n<5>2" : "\n<5>{"));
  }
}

// Without reading what it says, and without reaping it.
bool HasEnded(pid_t pid) {
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

// Whoever may connect cannot fill the disk.
TEST_F(CliTest, ManyClientsThatAreRefusedShareALine) {
  Words args = GoodArgs(GuestProgram(), NewDirectory("channels"));
  args.push_back("--max_queue=0");
  const auto daemon = StartUp(GuestProgram(), args);
  const SocketAddress listens =
      *ParseSocketAddress(absl::StrCat("unix:", Path("listen")), 0);
  const Deadline limit = Soon();
  uint64_t clients = 0;
  do {
    for (int i = 0; i < 20; ++i, ++clients) {
      const auto client = StartDial(listens);
      ASSERT_TRUE(client.ok()) << client.status();
      ASSERT_EQ(::fcntl(client->fd.get(), F_SETFL, 0), 0);  // Blocks.
      EXPECT_EQ(ReadExactly(client->fd.get(), 1), "");
    }
  } while (!limit.passed() &&
           !daemon
                ->AwaitStderr(" more clients got no channel",
                              Deadline::After(absl::Milliseconds(100)))
                .ok());
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->Wait(Soon()).value(), 0);
  const auto told = testing::CountTold(
      daemon->err(), " got no channel: ", " more clients got no channel");
  EXPECT_GT(told.counted, 0u);
  EXPECT_EQ(told.shown + told.counted, clients);
}

// Far more lines than a pipe takes.
TEST_P(BothTest, AStderrThatNobodyReadsHoldsUpNoEnd) {
  const std::string channels = NewDirectory("channels");
  for (int i = 0; i < 2000; ++i) {
    NewFile(absl::StrCat("channels/no-channel-", std::string(100, 'x'), i), "");
  }
  for (const char* format : {"text", "json"}) {
    const std::string http = Path(absl::StrCat("http-", format));
    Words args = GoodArgs(program(), channels);
    args.insert(args.end(),
                {absl::StrCat("--log_format=", format), "--log_level=DEBUG",
                 "--http_address=unix:" + http});
    const auto daemon = Start(program(), args);
    // It is up, and has said more than the pipe takes, which is less than 64
    // KiB: no line is split between two pages.
    ASSERT_TRUE(testing::Eventually(absl::Seconds(20), [&] {
      return std::filesystem::exists(http) && daemon->unread_err() > 50'000;
    })) << format;
    daemon->Signal(SIGTERM);
    EXPECT_TRUE(testing::Eventually(absl::Seconds(20), [&] {
      return HasEnded(daemon->pid());
    })) << format;
  }
}

TEST_P(BothTest, ATerminalThatNobodyReadsHoldsUpNoEnd) {
  const UniqueFd terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::grantpt(terminal.get()), 0);
  ASSERT_EQ(::unlockpt(terminal.get()), 0);
  char name[64] = "";
  ASSERT_EQ(::ptsname_r(terminal.get(), name, sizeof name), 0);
  const std::string channels = NewDirectory("channels");
  for (int i = 0; i < 200; ++i) {
    NewFile(absl::StrCat("channels/no-channel-", std::string(100, 'x'), i), "");
  }
  Words args = {"-c", "exec \"$@\" 2>\"$0\"", name, "proxy/" + program().name};
  for (std::string& arg : GoodArgs(program(), channels)) {
    args.push_back(std::move(arg));
  }
  args.insert(args.end(),
              {"--log_level=DEBUG", "--http_address=unix:" + Path("http")});
  const auto daemon = *Subprocess::Start("/bin/sh", {.args = args});
  ASSERT_TRUE(testing::Eventually(absl::Seconds(20), [&] {
    return std::filesystem::exists(Path("http"));
  }));
  // It has said more than the terminal takes.
  ASSERT_TRUE(testing::Eventually(absl::Seconds(20), [&] {
    int unread = 0;
    return ::ioctl(terminal.get(), FIONREAD, &unread) == 0 && unread > 3000;
  }));
  daemon->Signal(SIGTERM);
  EXPECT_TRUE(testing::Eventually(absl::Seconds(20),
                                  [&] { return HasEnded(daemon->pid()); }));
}

TEST_P(BothTest, AFatalLineIsJsonToo) {
  const Ran ran = RunToEnd(program(), {Path("nix"), "--log_format=json"});
  EXPECT_EQ(ran.status, 1);
  const auto objects = Objects(ran.err);
  ASSERT_EQ(objects.size(), 1u);
  EXPECT_EQ(objects[0]["severity"], "FATAL");
  EXPECT_THAT(std::string(objects[0]["message"]),
              StartsWith(program().stat_diagnostic));
}

TEST_P(BothTest, JsonIsForStderrAlone) {
  ExpectFatal(RunToEnd(program(), {Directory(), "--log_format=json",
                                   "--log_dir=" + Directory()}),
              "--log_format=json: must be text when --log_dir is given");
  ExpectFatal(RunToEnd(program(), {Directory(), "--log_format=xml"}),
              "--log_format=xml: must be text or json\n");
}

// The file of INFO and above; glog names it by time and process.
std::string InfoFileIn(const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.is_symlink() &&
        absl::StrContains(entry.path().string(), ".INFO.")) {
      return entry.path();
    }
  }
  return "";
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_P(BothTest, TheLibrarysOwnLevelHidesNothing) {
  const std::string logs = NewDirectory("logs");
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.push_back("--log_dir=" + logs);
  const auto daemon = Start(program(), args, {"GLOG_minloglevel=3"});
  EXPECT_TRUE(testing::Eventually(absl::Seconds(20), [&] {
    return absl::StrContains(TextOf(InfoFileIn(logs)), "ALERT started");
  }));
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->Wait(Soon()).value(), 0);
}

TEST_P(BothTest, HangUpBeginsANewFileForWhoeverMovedTheOldOne) {
  const std::string logs = NewDirectory("logs");
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.push_back("--log_dir=" + logs);
  const auto daemon = StartUp(program(), args);
  // Twice at once: the names of the files must not be those of one second.
  for (const char* moved : {"first", "second"}) {
    const std::string file = InfoFileIn(logs);
    ASSERT_NE(file, "");
    std::filesystem::rename(file, Path(moved));
    daemon->Signal(SIGHUP);
    const Deadline deadline = Soon();
    while (!absl::StrContains(TextOf(InfoFileIn(logs)), "SIGHUP") &&
           !deadline.passed()) {
    }
  }
  daemon->Signal(SIGTERM);
  ASSERT_EQ(daemon->Wait(Soon()).value(), 0);
  EXPECT_THAT(TextOf(Path("first")), HasSubstr("ALERT started"));
  EXPECT_THAT(TextOf(Path("first")), Not(HasSubstr("SIGHUP")));
  EXPECT_THAT(TextOf(Path("second")), HasSubstr("NOTICE SIGHUP"));
  EXPECT_THAT(TextOf(InfoFileIn(logs)), HasSubstr("ALERT stopped"));
}

}  // namespace
}  // namespace vios
