// SPDX-License-Identifier: Apache-2.0
// The status server of the two binaries, and its flags.
#include <signal.h>
#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/http_address.h"
#include "proxy/socket_address.h"
#include "testing/cli.h"
#include "testing/http_client.h"
#include "testing/subprocess.h"
#include "testing/vm/eventually.h"

namespace vios {
namespace {

using testing::Eventually;
using ::testing::HasSubstr;
using testing::HttpConnect;
using testing::HttpGet;
using testing::HttpPost;
using testing::HttpSend;

constexpr absl::Duration kPatience = absl::Seconds(30);

class StatusCliTest : public BothTest {
 protected:
  std::unique_ptr<Subprocess> StartWith(Words more) {
    const std::string channels = NewDirectory("channels");
    Words args = GoodArgs(program(), channels);
    args.push_back("--http_address=unix:" + Path("http"));
    args.insert(args.end(), more.begin(), more.end());
    auto daemon = StartUp(program(), args);
    const absl::Status up = daemon->AwaitStderr("status server on", Soon());
    EXPECT_TRUE(up.ok()) << up;
    return daemon;
  }
  SocketAddress Server() const {
    return *ParseHttpAddress("unix:" + Path("http"));
  }
  bool SocketIsThere() const {
    struct stat file = {};
    return ::stat(Path("http").c_str(), &file) == 0;
  }
  void ExpectRefused(Words flags, const std::string& line) {
    Words args = GoodArgs(program(), Directory());
    args.insert(args.end(), flags.begin(), flags.end());
    ExpectFatal(RunToEnd(program(), args), line);
  }
};

INSTANTIATE_TEST_SUITE_P(Daemons, StatusCliTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

TEST_P(StatusCliTest, ShowsItselfWithTheFlagsInForce) {
  const auto daemon = StartWith({"--drain_timeout=7s"});
  EXPECT_EQ(HttpGet(Server(), "/livez").status, 200);
  EXPECT_TRUE(Eventually(
      kPatience, [&] { return HttpGet(Server(), "/startup").status == 200; }));
  EXPECT_EQ(HttpGet(Server(), "/readyz").body, "no channels\n");
  const std::string json = HttpGet(Server(), "/status").body;
  EXPECT_THAT(json, HasSubstr("\"program\": \"" + program().name + "\""));
  EXPECT_THAT(json, HasSubstr("\"drain_timeout\": \"7s\""));
  EXPECT_THAT(json, HasSubstr("\"" + program().directory_flag + "\": \"" +
                              Path("channels")));
  EXPECT_THAT(HttpGet(Server(), "/").body, HasSubstr(program().name));
  EXPECT_EQ(HttpPost(Server(), "/quitquitquit").status, 404);
}

TEST_P(StatusCliTest, TheSameProgramAsksForItsHealth) {
  const std::string address = "--http_address=unix:" + Path("http");
  const auto ask = [&](const std::string& probe) {
    return RunToEnd(program(), {address, "--check_health=" + probe});
  };
  EXPECT_EQ(ask("liveness").status, 1);  // Nobody is there yet.
  const auto daemon = StartWith({});
  EXPECT_EQ(ask("liveness").status, 0);
  EXPECT_TRUE(
      Eventually(kPatience, [&] { return ask("startup").status == 0; }));
  const Ran readiness = ask("readiness");
  EXPECT_EQ(readiness.status, 1);
  EXPECT_EQ(readiness.err, "no channels\n");
}

TEST_P(StatusCliTest, RefusesToAskWhatNobodyKnows) {
  ExpectRefused(
      {"--http_address=unix:/x", "--check_health=wealth"},
      "--check_health=wealth: must be startup, readiness or liveness");
  ExpectRefused({"--check_health=liveness"},
                "--check_health=liveness: must be used with");
}

TEST_P(StatusCliTest, TermEndsItWhateverItsReadersDo) {
  const auto daemon = StartWith({});
  const UniqueFd idle = HttpConnect(Server());
  HttpSend(idle, "GET /");
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(Soon()).value_or(-1), 0);
  EXPECT_FALSE(SocketIsThere());
}

TEST_P(StatusCliTest, QuitEndsItAsTermDoes) {
  const auto daemon = StartWith({"--http_control"});
  EXPECT_EQ(HttpGet(Server(), "/quitquitquit").status, 405);
  EXPECT_EQ(HttpPost(Server(), "/quitquitquit").status, 200);
  EXPECT_EQ(daemon->Wait(Soon()).value_or(-1), 0);
  EXPECT_THAT(daemon->err(), HasSubstr("ALERT stopped\n"));
}

TEST_P(StatusCliTest, DrainStaysAndIsNotReady) {
  const auto daemon = StartWith({"--http_control"});
  EXPECT_EQ(HttpPost(Server(), "/drain").status, 200);
  EXPECT_TRUE(daemon->AwaitStderr("NOTICE draining", Soon()).ok());
  EXPECT_TRUE(Eventually(kPatience, [&] {
    return HttpGet(Server(), "/readyz").body == "draining\n";
  }));
  EXPECT_EQ(HttpGet(Server(), "/livez").status, 200);
  EXPECT_EQ(HttpPost(Server(), "/drain").status, 200);
  EXPECT_EQ(HttpPost(Server(), "/quitquitquit").status, 200);
  EXPECT_EQ(daemon->Wait(Soon()).value_or(-1), 0);
}

TEST_P(StatusCliTest, FreePortIsTold) {
  Words args = GoodArgs(program(), Directory());
  args.push_back("--http_address=127.0.0.1:0");
  const auto daemon = StartUp(program(), args);
  ASSERT_TRUE(daemon->AwaitStderr("status server on 127.0.0.1:", Soon()).ok());
  const std::string& log = daemon->err();
  const size_t at = log.find("server on ") + 10;
  const auto server = ParseHttpAddress(log.substr(at, log.find('\n', at) - at));
  ASSERT_TRUE(server.ok()) << log;
  EXPECT_EQ(HttpGet(*server, "/livez").status, 200);
}

TEST_P(StatusCliTest, BadAddressIsOneLine) {
  for (const std::string bad :
       {"8080", "localhost:80", "1.2.3.4:x", "unix:x"}) {
    ExpectRefused({"--http_address=" + bad},
                  "--http_address=" + bad +
                      ": must be ADDRESS:PORT with an IPv4 or [IPv6] address, "
                      "or unix: and an absolute path of at most 107 bytes\n");
  }
}

TEST_P(StatusCliTest, AddressInUseIsOneLine) {
  const auto first = StartWith({});
  Words args = GoodArgs(program(), NewDirectory("other"));
  if (args.size() > 1) args[1] = ListenFlag("other-listen");
  args.push_back("--http_address=unix:" + Path("http"));
  const Ran ran = RunToEnd(program(), args);
  ExpectFatal(ran, "--http_address: ");
  EXPECT_THAT(ran.err, HasSubstr("Address already in use\n"));
}

TEST_P(StatusCliTest, ControlIsRefusedWhereOthersReachIt) {
  const std::string line =
      "--http_control=true: must be used with --http_address on a loopback "
      "address or a unix socket\n";
  for (const std::string address : {"0.0.0.0:0", "[::]:0"}) {
    ExpectRefused({"--http_control", "--http_address=" + address}, line);
  }
  ExpectRefused({"--http_control"}, line);
}

}  // namespace
}  // namespace vios
