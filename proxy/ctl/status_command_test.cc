// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/status_command.h"

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/fake_http_server.h"
#include "proxy/listener.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string Ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\n\r\n" + body;
}

std::string StatusBody(bool ready, const std::string& state, int queued = 2) {
  return absl::StrCat(
      R"({"program": "vios-proxy-guest", "version": "1.0.0",
          "uptime_seconds": 125, "service": "127.0.0.1:5672",
          "health": {"ready": )",
      ready ? "true" : "false",
      R"(, "why_not": "no channels"}, "queue": {"length": )", queued, R"(},
          "channels": [{"name": "qpid.0\u001b", "state": ")",
      state, R"(", "state_seconds": 3, "bytes_to_service": 2048}]})");
}

std::string Draining(const std::string& state, int queued) {
  return absl::StrReplaceAll(
      StatusBody(false, state, queued),
      {{"{\"program\"", "{\"draining\": true, \"program\""}});
}

class StatusCommandTest : public ::testing::Test {
 protected:
  StatusRequest Request(bool json = false) const {
    return {[this] { return addresses_; }, json};
  }
  Deadline Soon() const { return Deadline::After(absl::Seconds(30)); }
  // Runs `command` for a short time, or for longer where the machine is so slow
  // that it had no answer till then. It fails, and says `wanted`.
  template <typename Command, typename Matcher>
  void ExpectGivesUp(Command command, Matcher wanted) {
    CommandResult result;
    for (const auto limit : {absl::Milliseconds(300), absl::Seconds(10)}) {
      result = command(Request(), Deadline::After(limit), *wakeup_);
      EXPECT_EQ(result.exit_status, 1);
      EXPECT_THAT(result.out, IsEmpty());
      if (::testing::Value(result.err, wanted)) return;
    }
    EXPECT_THAT(result.err, wanted);
  }
  // What the first `not_yet` questions are answered, and all later ones.
  FakeHttpServer::Answer Statuses(std::string first, std::string later,
                                  int not_yet) {
    return [=, this](const std::string& line) {
      if (line == "POST /drain HTTP/1.0") return drain_;
      return Ok(asked_++ < not_yet ? first : later);
    };
  }

  const ScratchDir directory_;
  const std::string path_ = directory_ / "s";
  std::vector<std::string> addresses_ = {"unix:" + path_};
  std::string drain_ = Ok("draining\n");
  std::atomic<int> asked_ = 0;
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(StatusCommandTest, TableHasTheDaemonAndItsChannels) {
  const FakeHttpServer server(path_, Statuses("", StatusBody(true, "free"), 0));
  const CommandResult result = ShowStatus(Request(), Soon(), *wakeup_);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(
      result.out,
      MatchesRegex("vios-proxy-guest 1.0.0 at unix:[^\n]*: ready; 1 channels, "
                   "0 busy; service 127.0.0.1:5672; up 2m5s; 2 waiting\n"
                   "  CHANNEL [^\n]*\n"
                   "  qpid.0\\\\x1b +free +3s +2.0 kB +0 B\n"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(StatusCommandTest, JsonIsAnArrayOfWhatTheySay) {
  const FakeHttpServer server(path_, Statuses("", StatusBody(true, "free"), 0));
  const CommandResult result = ShowStatus(Request(true), Soon(), *wakeup_);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("[\n  {\n    \"program\": \"vios-proxy-guest\""),
                    HasSubstr("\"address\": \"unix:")));
}

TEST_F(StatusCommandTest, DaemonThatIsGoneIsAFailure) {
  const CommandResult result = ShowStatus(Request(), Soon(), *wakeup_);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr(path_ + ": "));
}

TEST_F(StatusCommandTest, NoDaemonAtAll) {
  addresses_.clear();
  EXPECT_THAT(ShowStatus(Request(), Soon(), *wakeup_).err,
              HasSubstr("no daemon answers: "));
  EXPECT_EQ(Drain(Request(), Soon(), *wakeup_).exit_status, 1);
}

TEST_F(StatusCommandTest, WaitsUntilItIsReady) {
  const FakeHttpServer server(
      path_, Statuses(StatusBody(false, "down"), StatusBody(true, "free"), 2));
  const CommandResult result = AwaitReady(Request(), Soon(), *wakeup_);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.out, "ready\n");
  EXPECT_EQ(asked_, 3);
}

TEST_F(StatusCommandTest, WaitsForADaemonThatIsNotThereYet) {
  std::unique_ptr<FakeHttpServer> server;
  const StatusRequest request = {[&]() -> std::vector<std::string> {
    if (asked_++ == 0) return {};
    server = std::make_unique<FakeHttpServer>(
        path_, [](const std::string&) { return Ok(StatusBody(true, "free")); });
    return addresses_;
  }};
  EXPECT_EQ(AwaitReady(request, Soon(), *wakeup_).exit_status, 0);
}

TEST_F(StatusCommandTest, GivesUpWaitingAndSaysWhy) {
  const FakeHttpServer server(path_,
                              Statuses("", StatusBody(false, "down"), 0));
  ExpectGivesUp(AwaitReady,
                MatchesRegex("vios-proxy-guest at unix:[^\n]*: no channels\n"));
}

TEST_F(StatusCommandTest, WhatADaemonCallsItselfMakesNoSecondLine) {
  const std::string body = absl::StrReplaceAll(
      StatusBody(false, "down"), {{"proxy-guest", R"(\u001b[2J\nready)"}});
  const FakeHttpServer server(path_, Statuses("", body, 0));
  ExpectGivesUp(AwaitReady,
                MatchesRegex(".*\\\\x1b\\[2J\\\\x0aready at [^\n]*\n"));
}

TEST_F(StatusCommandTest, DrainWaitsForTheLastSession) {
  const FakeHttpServer server(
      path_, Statuses(Draining("busy", 0), Draining("free", 0), 2));
  const CommandResult result = Drain(Request(), Soon(), *wakeup_);
  EXPECT_EQ(result.out, "drained\n");
  EXPECT_EQ(asked_, 3);
}

TEST_F(StatusCommandTest, DrainWaitsAlsoBesideTheSocketOfAKilledDaemon) {
  addresses_.insert(addresses_.begin(),
                    "unix:" + directory_.MakeSocket("stale"));
  const FakeHttpServer server(
      path_, Statuses(Draining("busy", 0), Draining("free", 0), 2));
  EXPECT_EQ(Drain(Request(), Soon(), *wakeup_).out, "drained\n");
  EXPECT_EQ(asked_, 3);
}

TEST_F(StatusCommandTest, DrainOfNobodyButKilledDaemonsFails) {
  addresses_ = {"unix:" + directory_.MakeSocket("stale")};
  const CommandResult result = Drain(Request(), Soon(), *wakeup_);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("stale"));
}

TEST_F(StatusCommandTest, DrainWaitsUntilItHasBegun) {
  const FakeHttpServer server(
      path_, Statuses(StatusBody(true, "free", 0), Draining("free", 0), 2));
  EXPECT_EQ(Drain(Request(), Soon(), *wakeup_).out, "drained\n");
  EXPECT_EQ(asked_, 3);
}

TEST_F(StatusCommandTest, DrainWaitsForClientsThatWait) {
  const FakeHttpServer server(
      path_, Statuses(Draining("down", 1), Draining("free", 0), 2));
  EXPECT_EQ(Drain(Request(), Soon(), *wakeup_).out, "drained\n");
  EXPECT_EQ(asked_, 3);
}

TEST_F(StatusCommandTest, DaemonThatCannotBeAskedIsNotDrained) {
  const FakeHttpServer server(path_, [this](const std::string& line) {
    return line == "POST /drain HTTP/1.0" ? drain_ : std::string("what?");
  });
  ExpectGivesUp(Drain, HasSubstr("no status server"));
}

TEST_F(StatusCommandTest, DaemonThatHangsIsAskedNoLongerThanTheDeadline) {
  const auto hangs =
      OpenListener(*ParseSocketAddress("unix:" + path_, 0), 0600);
  ASSERT_TRUE(hangs.ok()) << hangs.status();
  // Again when the machine stood still meanwhile.
  bool in_time = false;
  for (int tries = 0; tries < 3 && !in_time; ++tries) {
    const Deadline too_long = Deadline::After(absl::Seconds(5));
    EXPECT_EQ(
        Drain(Request(), Deadline::After(absl::Milliseconds(100)), *wakeup_)
            .exit_status,
        1);
    in_time = !too_long.passed();
  }
  EXPECT_TRUE(in_time);
}

TEST_F(StatusCommandTest, DrainThatIsNotAllowedSaysWhy) {
  drain_ = "HTTP/1.1 404 Not Found\r\n\r\nnot found: --http_control is off\n";
  const FakeHttpServer server(path_, Statuses("", "", 0));
  const CommandResult result = Drain(Request(true), Soon(), *wakeup_);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"ok\": false"),
                                HasSubstr("--http_control is off\"")));
}

}  // namespace
}  // namespace vios
