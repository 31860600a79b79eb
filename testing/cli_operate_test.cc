// SPDX-License-Identifier: Apache-2.0
//
// What an operator does with a daemon besides starting and stopping it.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/fd_pair.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "testing/cli.h"
#include "testing/fake_qemu.h"
#include "testing/subprocess.h"
#include "testing/traffic/tcp.h"
#include "testing/vm/eventually.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr absl::Duration kLimit = absl::Seconds(30);

INSTANTIATE_TEST_SUITE_P(Daemons, BothTest,
                         ::testing::Values(&GuestProgram(), &HostProgram()),
                         [](const auto& one) {
                           return one.param == &HostProgram() ? "Host"
                                                              : "Guest";
                         });

void MakeSocket(const std::string& path) {
  ASSERT_EQ(::mknod(path.c_str(), S_IFSOCK | 0600, 0), 0);
}

TEST_P(BothTest, CheckConfigSaysWhatWouldBeDoneAndDoesNothing) {
  const std::string channels = NewDirectory("channels");
  MakeSocket(channels + "/0");
  NewFile("channels/notes", "");
  Words args = GoodArgs(program(), channels);
  args.push_back("--check_config");
  // Also beside the daemon that it is for.
  const auto daemon = StartUp(program(), GoodArgs(program(), channels));
  const Ran ran = RunToEnd(program(), args);
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_THAT(ran.out,
              MatchesRegex(program().name + " 1.0.0 [^\n]+\nchannels now: 1\n"
                                            "  [^\n]*0: unix socket\n.*"));
  EXPECT_THAT(ran.out, HasSubstr("notes"));
}

TEST_P(BothTest, CheckConfigOpensNoListener) {
  Words args = GoodArgs(program(), NewDirectory("channels"));
  args.push_back("--check_config");
  EXPECT_EQ(RunToEnd(program(), args).status, 0);
  EXPECT_FALSE(std::filesystem::exists(Path("listen")));
}

TEST_P(BothTest, CheckConfigFailsAsTheStartWould) {
  const Ran gone = RunToEnd(program(), {Path("nix"), "--check_config"});
  ExpectFatal(gone, program().stat_diagnostic);
  const Ran port = RunToEnd(program(), {Directory(), "0", "--check_config"});
  ExpectFatal(port, program().port_diagnostic);
}

// What is meant for another process is not ours.
TEST_F(CliTest, AListenerOfAnotherProcessIsLeftAlone) {
  const auto guest =
      Start(GuestProgram(), GoodArgs(GuestProgram(), Directory()),
            {"LISTEN_FDS=1", "LISTEN_PID=1"});
  EXPECT_TRUE(guest->AwaitStderr("listens on unix:", Soon()).ok());
}

// Both daemons as processes with one channel, between a client and a service
// that are in the test's hands.
class SessionTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    NewDirectory("p");
    NewDirectory("h");
    NewDirectory("h/g1");
    qemu_ = std::make_unique<testing::FakeQemu>(Path("h/g1/0"), Path("p/q0"));
    auto listener = testing::ListenTcp("127.0.0.1", 0);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    ASSERT_TRUE(testing::SetNoProgressTimeout(listener_.get(), kLimit).ok());
  }

  void StartBoth(const Words& flags, const Words& host_flags) {
    Words host = {Path("h"),
                  absl::StrCat(*testing::LocalPort(listener_.get()))};
    Words guest = {Path("p"), ListenFlag("listen")};
    host.insert(host.end(), flags.begin(), flags.end());
    host.insert(host.end(), host_flags.begin(), host_flags.end());
    guest.insert(guest.end(), flags.begin(), flags.end());
    host_ = Start(HostProgram(), host);
    guest_ = Start(GuestProgram(), guest);
    ASSERT_TRUE(guest_->AwaitStderr("started: ", Soon()).ok());
  }

  // A session of which the service has seen the first byte.
  void Connect() {
    auto client = ConnectSocket(Path("listen"));
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
    ASSERT_EQ(::fcntl(client_.get(), F_SETFL, 0), 0);
    ASSERT_TRUE(testing::SetNoProgressTimeout(client_.get(), kLimit).ok());
    Send("a");
    service_ = testing::AcceptNext(listener_.get());
    ASSERT_TRUE(service_.ok());
    ASSERT_TRUE(testing::SetNoProgressTimeout(service_.get(), kLimit).ok());
  }
  void Send(const std::string& text) {
    ASSERT_TRUE(testing::WriteText(client_.get(), text).ok());
  }
  std::string Received(size_t size) {
    return ReadExactly(service_.get(), size);
  }

  std::unique_ptr<testing::FakeQemu> qemu_;
  UniqueFd listener_, client_, service_;
  std::unique_ptr<Subprocess> host_, guest_;
};

// The last object on stderr that has this member.
nlohmann::json LastWith(const Subprocess& process, const std::string& member) {
  nlohmann::json found;
  for (const auto line : absl::StrSplit(process.err(), '\n')) {
    auto object = nlohmann::json::parse(line, nullptr, false);
    if (object.is_object() && object.contains(member)) found = object;
  }
  return found;
}

TEST_F(SessionTest, SignalsShowTheStatusAndDisturbNothing) {
  StartBoth({"--log_format=json"}, {});
  Connect();
  EXPECT_EQ(Received(1), "a");
  for (Subprocess* daemon : {host_.get(), guest_.get()}) {
    daemon->Signal(SIGHUP);
    ASSERT_TRUE(daemon->AwaitStderr("SIGHUP: ", Soon()).ok());
    // A byte that has arrived may not have been counted yet.
    ASSERT_TRUE(testing::Eventually(kLimit, [daemon] {
      daemon->Signal(SIGUSR1);
      const Deadline while_it_answers = Deadline::After(absl::Seconds(1));
      return daemon->AwaitStderr("\"up\":1,", while_it_answers).ok();
    })) << daemon->err();
    const auto status = LastWith(*daemon, "state");
    EXPECT_EQ(status["state"], "busy") << daemon->err();
    EXPECT_EQ(status["up"], 1);
  }
  EXPECT_EQ(LastWith(*host_, "state")["guest"], "g1");
  Send("b");
  EXPECT_EQ(Received(1), "b");
  ASSERT_EQ(::shutdown(client_.get(), SHUT_WR), 0);
  EXPECT_TRUE(AtEndOfFile(service_.get()));
  service_.Reset();
  for (Subprocess* daemon : {host_.get(), guest_.get()}) {
    ASSERT_TRUE(daemon->AwaitStderr("session ended", Soon()).ok());
    ASSERT_TRUE(daemon->AwaitStderr("\"why\"", Soon()).ok());
    const auto session = LastWith(*daemon, "why");
    EXPECT_EQ(session["message"], "session ended");
    EXPECT_EQ(session["why"], "clean") << session;
    EXPECT_EQ(session["up"], 2);
    EXPECT_TRUE(session["duration_ms"].is_number());
  }
}

TEST_F(SessionTest, BothDaemonsSayWhichLegBrokeAndWhoSaidSo) {
  StartBoth({"--log_format=json"}, {});
  Connect();
  EXPECT_EQ(Received(1), "a");
  ASSERT_TRUE(testing::ResetOnClose(service_.get()).ok());
  service_.Reset();
  for (Subprocess* daemon : {host_.get(), guest_.get()}) {
    ASSERT_TRUE(daemon->AwaitStderr("\"why\"", Soon()).ok());
    EXPECT_EQ(LastWith(*daemon, "why")["why"], "service_reset");
  }
  EXPECT_EQ(LastWith(*host_, "why")["by"], "us");
  EXPECT_EQ(LastWith(*guest_, "why")["by"], "peer");
}

TEST_F(SessionTest, TheServiceHearsWhoItIsBeforeTheFirstByte) {
  StartBoth({}, {"--proxy_protocol=v2"});
  Connect();
  const std::string head = Received(16);
  EXPECT_EQ(head.substr(0, 14), std::string("\r\n\r\n\0\r\nQUIT\n\x21\0", 14));
  EXPECT_EQ(head[14], 0);
  const std::string tlvs = Received(static_cast<size_t>(head[15]));
  EXPECT_EQ(tlvs.substr(0, 5), std::string("\x02\0\x02g1", 5));
  EXPECT_EQ(tlvs.substr(5, 8), std::string("\x05\0\x0eg1/0/", 8));
  EXPECT_EQ(Received(1), "a");
}

TEST_F(SessionTest, OrNoMoreThanThatItIsProxied) {
  StartBoth({}, {"--proxy_protocol=v1"});
  Connect();
  EXPECT_EQ(Received(16), "PROXY UNKNOWN\r\na");
}

TEST_F(CliTest, ProxyProtocolIsOneOfItsValues) {
  ExpectFatal(RunToEnd(HostProgram(), {Directory(), "--proxy_protocol=v3"}),
              "--proxy_protocol=v3: must be off, v1, v2 or v2-inet\n");
}

}  // namespace
}  // namespace vios
