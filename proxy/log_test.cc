// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "glog/logging.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/log_stderr.h"
#include "proxy/test_log.h"
#include "proxy/thread.h"

namespace vios {
namespace {

using ::testing::ContainsRegex;
using ::testing::ExitedWithCode;
using ::testing::HasSubstr;

class LogTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { InitTestLog("log_test"); }
  void SetUp() override {
    SetLogLevel(LogLevel::kInfo);
    ::testing::internal::CaptureStderr();
  }
  void TearDown() override {
    if (!taken_) Lines();
  }
  std::string Lines() {
    taken_ = true;
    return ::testing::internal::GetCapturedStderr();
  }
  bool taken_ = false;
};

TEST_F(LogTest, LineHasTimeThreadLevelAndMessage) {
  VIOS_LOG(kInfo) << "channel " << 7 << " appeared";
  EXPECT_THAT(Lines(),
              ContainsRegex("^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:"
                            "[0-9][0-9]:[0-9][0-9]\\.[0-9]{6}Z \\[main\\] "
                            "INFO channel 7 appeared\n$"));
}

TEST_F(LogTest, LineNamesTheThread) {
  std::thread thread =
      *StartThread("up:qpid.0", [] { VIOS_LOG(kWarn) << "stuck"; });
  thread.join();
  EXPECT_THAT(Lines(), HasSubstr("[up:qpid.0] WARN stuck\n"));
}

// A channel's thread has the name of a file.
TEST_F(LogTest, NoThreadsNameEndsItsPlaceInTheLine) {
  std::thread thread =
      *StartThread("up:a] x\nFATAL b", [] { VIOS_LOG(kWarn) << "stuck"; });
  thread.join();
  EXPECT_THAT(Lines(), HasSubstr("[up:a__x_FATAL_b] WARN stuck\n"));
}

TEST_F(LogTest, EveryLevelHasItsName) {
  SetLogLevel(LogLevel::kDebug);
  VIOS_LOG(kAlert) << "1";
  VIOS_LOG(kError) << "2";
  VIOS_LOG(kWarn) << "3";
  VIOS_LOG(kNotice) << "4";
  VIOS_LOG(kInfo) << "5";
  VIOS_LOG(kDebug) << "6";
  EXPECT_THAT(Lines(), ContainsRegex("ALERT 1\n.*ERROR 2\n.*WARN 3\n.*NOTICE "
                                     "4\n.*INFO 5\n.*DEBUG 6\n"));
}

TEST_F(LogTest, HiddenLineEvaluatesNothing) {
  int evaluated = 0;
  VIOS_LOG(kDebug) << ++evaluated;
  EXPECT_EQ(evaluated, 0);
  SetLogLevel(LogLevel::kDebug);
  VIOS_LOG(kDebug) << ++evaluated;
  EXPECT_EQ(evaluated, 1);
}

TEST_F(LogTest, ShowsTheLevelAndTheMoreSevere) {
  SetLogLevel(LogLevel::kError);
  EXPECT_TRUE(LogEnabled(LogLevel::kFatal));
  EXPECT_TRUE(LogEnabled(LogLevel::kAlert));
  EXPECT_TRUE(LogEnabled(LogLevel::kError));
  EXPECT_FALSE(LogEnabled(LogLevel::kWarn));
  EXPECT_FALSE(LogEnabled(LogLevel::kDebug));
}

TEST_F(LogTest, WorksAsTheBranchOfAnIf) {
  if (taken_)
    VIOS_LOG(kInfo) << "one";
  else
    VIOS_LOG(kInfo) << "other";
  EXPECT_THAT(Lines(), HasSubstr("INFO other\n"));
}

TEST_F(LogTest, LibrariesLinesLookTheSame) {
  LOG(ERROR) << "from elsewhere";
  EXPECT_THAT(Lines(), HasSubstr("Z [main] ERROR from elsewhere\n"));
}

TEST(LogLevelTest, ParsesItsOwnNamesInAnyCase) {
  EXPECT_EQ(ParseLogLevel("info").value(), LogLevel::kInfo);
  EXPECT_EQ(ParseLogLevel("FATAL").value(), LogLevel::kFatal);
  EXPECT_EQ(ParseLogLevel("Notice").value(), LogLevel::kNotice);
  EXPECT_EQ(LogLevelName(LogLevel::kDebug), "DEBUG");
  for (const char* bad : {"", "WARNING", "INFO ", "5"}) {
    EXPECT_FALSE(ParseLogLevel(bad).ok()) << bad;
  }
}

TEST_F(LogTest, NothingMakesASecondLine) {
  VIOS_LOG(kInfo) << "ignored /x/a\nFATAL b\x1b[1m";
  EXPECT_THAT(Lines(), HasSubstr("INFO ignored /x/a\\x0aFATAL b\\x1b[1m\n"));
}

TEST_F(LogTest, FieldsForMachinesAreNotInTheText) {
  VIOS_LOG(kInfo).With("channel", "0") << "channel appeared: /x/0";
  EXPECT_THAT(Lines(), HasSubstr("INFO channel appeared: /x/0\n"));
}

TEST_F(LogTest, ToldFieldsFollowTheText) {
  LogFields fields;
  fields.Add("channel", "0").AddNumber("up", 7);
  VIOS_LOG(kInfo).Tell("session ended", fields);
  EXPECT_THAT(Lines(), HasSubstr("INFO session ended: channel=0 up=7\n"));
}

void FatalBesideARunningThread() {
  std::thread busy([] {
    while (true) VIOS_LOG(kDebug) << "never shown";
  });
  FatalExit("Root path is not a directory: /x");
}

TEST(FatalExitDeathTest, IsOneLineAndStatusOne) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(FatalBesideARunningThread(), ExitedWithCode(1),
              "^[^\n]*Z \\[main\\] FATAL Root path is not a directory: /x\n$");
}

void LogJson() {
  SetLogFormat(LogFormat::kJson);
  FLAGS_log_dir = "";
  VIOS_LOG(kAlert) << "early";
  InitLogging("log_test");
  LogFields fields;
  fields.AddNumber("up", 7);
  VIOS_LOG(kInfo).With("guest", "g").Tell("a\nb", fields);
  LOG(ERROR) << "from elsewhere";
  FatalExit("no \"such\" thing");
}

TEST(LogJsonDeathTest, EveryLineIsAnObject) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      LogJson(), ExitedWithCode(1),
      "^.\"severity\":\"ALERT\",\"time\":\"20[^\"]*Z\",\"thread\":\"main\","
      "\"message\":\"early\"}\n"
      ".\"severity\":\"INFO\"[^\n]*\"message\":\"a..b\",\"guest\":\"g\","
      "\"up\":7}\n"
      ".\"severity\":\"ERROR\"[^\n]*\"message\":\"from elsewhere\"}\n"
      ".\"severity\":\"FATAL\"[^\n]*\"message\":\"no ..such.. thing\"}\n$");
}

std::string AllFilesOf(const std::filesystem::path& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_symlink()) continue;
    std::ifstream file(entry.path());
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

// In a process of its own: where the lines go is settled once.
void LogToFilesAndReopen() {
  char directory[] = "/tmp/vios-log-XXXXXX";
  if (::mkdtemp(directory) == nullptr) ::_exit(2);
  FLAGS_log_dir = directory;
  InitLogging("log_test");
  VIOS_LOG(kInfo) << "before";
  const std::string first = AllFilesOf(directory);
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::filesystem::remove(entry.path());
  }
  (void)ReopenLogs();
  VIOS_LOG(kInfo) << "behind";
  const std::string second = AllFilesOf(directory);
  std::filesystem::remove_all(directory);
  ::_exit(absl::StrContains(first, "INFO before\n") &&
                  absl::StrContains(second, "INFO behind\n")
              ? 0
              : 1);
}

TEST(LogFilesDeathTest, ReopenBeginsANewFile) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(LogToFilesAndReopen(), ExitedWithCode(0), "^$");
}

void LogWhereTheDirectoryIsAway() {
  char directory[] = "/tmp/vios-log-XXXXXX";
  if (::mkdtemp(directory) == nullptr) ::_exit(2);
  FLAGS_log_dir = directory;
  InitLogging("log_test");
  VIOS_LOG(kInfo) << "before";
  std::filesystem::remove_all(directory);
  VIOS_LOG(kInfo) << ReopenLogs().message();
  std::filesystem::create_directory(directory);
  const bool back = ReopenLogs().ok();
  VIOS_LOG(kInfo) << "behind";
  const std::string files = AllFilesOf(directory);
  std::filesystem::remove_all(directory);
  ::_exit(back && absl::StrContains(files, "INFO behind\n") ? 0 : 1);
}

TEST(LogFilesDeathTest, WithoutTheDirectoryLinesGoToStderrUntilItIsBack) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(LogWhereTheDirectoryIsAway(), ExitedWithCode(0),
              "^[^\n]* INFO no log files in /tmp/vios-log-[^\n]*: No such file "
              "or directory\n$");
}

void FatalInFiles() {
  FLAGS_log_dir = ::testing::TempDir();
  InitLogging("log_test");
  std::atexit([] { ::_exit(3); });  // A FATAL exit runs nothing of the kind.
  FatalExit("seen on stderr too");
}

TEST(LogFilesDeathTest, FatalIsOnStderrToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(FatalInFiles(), ExitedWithCode(1), "FATAL seen on stderr too\n$");
}

}  // namespace
}  // namespace vios
