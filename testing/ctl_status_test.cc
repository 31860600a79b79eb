// SPDX-License-Identifier: Apache-2.0
// vios-proxy-ctl and the status servers of the two binaries.
#include <signal.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/cli.h"
#include "testing/subprocess.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const Program& Ctl() {
  static const auto* const program = new Program{"vios-proxy-ctl"};
  return *program;
}

class CtlStatusTest : public BothTest {
 protected:
  void SetUp() override {
    BothTest::SetUp();
    Words args = GoodArgs(program(), NewDirectory("channels"));
    args.push_back("--http_address=unix:" + Path("http"));
    args.push_back("--http_control");
    daemon_ = StartUp(program(), args);
    const absl::Status up = daemon_->AwaitStderr("status server on", Soon());
    EXPECT_TRUE(up.ok()) << up;
  }
  Ran RunCtl(Words words) {
    words.push_back("--http_address=unix:" + Path("http"));
    return RunToEnd(Ctl(), words);
  }

  std::unique_ptr<Subprocess> daemon_;
};

INSTANTIATE_TEST_SUITE_P(Daemons, CtlStatusTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

TEST_P(CtlStatusTest, TableAndJson) {
  const Ran table = RunCtl({"status"});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out,
              MatchesRegex(program().name +
                           " [0-9.]+ at unix:[^\n]*: not "
                           "ready: [^\n]*; 0 channels, 0 busy; service [^\n]*; "
                           "up [0-9]+s?[^\n]*\n"));
  EXPECT_THAT(RunCtl({"status", "--json"}).out,
              AllOf(HasSubstr("\"program\": \"" + program().name + "\""),
                    HasSubstr("\"address\": \"unix:")));
}

TEST_P(CtlStatusTest, WaitSaysWhyItIsNotReady) {
  const Ran ran = RunCtl({"wait", "--timeout=5s"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.err, HasSubstr(": no channels\n"));
}

TEST_P(CtlStatusTest, DoctorLooksAtWhatTheDaemonWasStartedWith) {
  if (program().name != "vios-proxy-host") {
    GTEST_SKIP() << "in a guest it looks for the device first";
  }
  EXPECT_THAT(RunCtl({"doctor", "host"}).out,
              HasSubstr("no socket in " + Path("channels")));
  EXPECT_THAT(RunCtl({"doctor", "host", "--guest_directory=/elsewhere"}).out,
              AllOf(HasSubstr("broken: there is no directory /elsewhere\n"),
                    Not(HasSubstr("no socket in " + Path("channels")))));
}

TEST_P(CtlStatusTest, DrainedDaemonStaysAndSaysSo) {
  const Ran drained = RunCtl({"drain"});
  EXPECT_EQ(drained.status, 0) << drained.err;
  EXPECT_EQ(drained.out, "drained\n");
  EXPECT_TRUE(daemon_->AwaitStderr("draining", Soon()).ok());
  EXPECT_THAT(RunCtl({"wait", "--timeout=5s"}).err, HasSubstr(": draining\n"));
  const std::string side =
      program().name == "vios-proxy-guest" ? "guest" : "host";
  EXPECT_THAT(RunCtl({"doctor", side,
                      absl::StrCat("--", program().directory_flag, "=",
                                   Path("channels")),
                      "--listen_address=unix:" + Path("listen")})
                  .out,
              HasSubstr("note: " + program().name + " drains"));
}

TEST_P(CtlStatusTest, WatchGoesOnUntilItIsStopped) {
  const auto watch = Start(
      Ctl(), {"status", "--watch", "--http_address=unix:" + Path("none")});
  EXPECT_TRUE(watch->AwaitStderr("none: ", Soon()).ok());
  EXPECT_TRUE(watch->AwaitStderr("\nunix:", Soon()).ok());
  watch->Signal(SIGTERM);
  EXPECT_EQ(watch->Wait(Soon()).value_or(-1), 128 + SIGTERM);
}

}  // namespace
}  // namespace vios
