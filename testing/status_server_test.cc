// SPDX-License-Identifier: Apache-2.0
// The status server on real sockets, with clients of all kinds.
#include "proxy/status_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/http_address.h"
#include "testing/expect_idle.h"
#include "testing/http_client.h"
#include "testing/process_figures.h"
#include "testing/vm/eventually.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kSoon = absl::Seconds(30);
constexpr size_t kMegabyte = 1 << 20;

class StatusServerTest : public ::testing::Test {
 protected:
  StatusServerTest() { std::signal(SIGPIPE, SIG_IGN); }

  void Start(const std::string& where = "127.0.0.1:0") {
    auto opened = StatusServer::Open(*ParseHttpAddress(where), options_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    server_ = *std::move(opened);
    address_.emplace(*ParseHttpAddress(server_->address()));
    const absl::Status started = server_->Start(
        [this] { return status_; }, [] { return absl::OkStatus(); });
    ASSERT_TRUE(started.ok()) << started;
  }
  const SocketAddress& address() const { return *address_; }
  UniqueFd Connect() const { return HttpConnect(address()); }
  // How many bytes the server takes behind `head`, of a client that sends
  // without end and reads nothing.
  size_t TakenBehind(absl::string_view head) const {
    const UniqueFd client = HttpConnect(address(), absl::Seconds(1));
    EXPECT_TRUE(HttpSend(client, head));
    const std::string more(64 * 1024, '1');
    size_t taken = 0;
    while (taken < 64 * kMegabyte && HttpSend(client, more)) {
      taken += more.size();
    }
    return taken;
  }
  bool Answers() const { return HttpGet(address(), "/livez").status == 200; }
  std::string Raw(absl::string_view bytes) const {
    const UniqueFd connection = Connect();
    HttpSend(connection, bytes);
    return HttpReceive(connection);
  }

  const ScratchDir dir_;
  StatusServer::Options options_ = {.control = true};
  DaemonStatus status_ = {.role = Role::kGuest, .scanned = true};
  std::unique_ptr<StatusServer> server_;
  std::optional<SocketAddress> address_;
};

TEST_F(StatusServerTest, AnswersOnEveryKindOfSocket) {
  for (const std::string& where :
       {std::string("127.0.0.1:0"), "unix:" + dir_ / "s"}) {
    Start(where);
    const HttpReply reply = HttpGet(address(), "/livez");
    EXPECT_EQ(reply.status, 200) << where;
    EXPECT_EQ(reply.body, "ok\n");
    EXPECT_THAT(reply.head, HasSubstr("Content-Type: text/plain"));
    EXPECT_THAT(reply.head, HasSubstr("Connection: close"));
    EXPECT_EQ(HttpGet(address(), "/readyz").body, "no channels\n");
    EXPECT_EQ(HttpGet(address(), "/nothing").status, 404);
    EXPECT_EQ(HttpGet(address(), "/status?pretty=1#x").status, 200);
  }
}

// As of a web site whose name has our address: what it reads is not for it.
TEST_F(StatusServerTest, OnLoopbackOtherNamesAreRefused) {
  Start();
  const auto ask = [this](const std::string& host) {
    return Raw(absl::StrCat("GET /status HTTP/1.1\r\n", host,
                            "Connection: close\r\n\r\n"));
  };
  for (const char* host : {"Host: evil.example\r\n", "hOST: a:80\r\n"}) {
    EXPECT_THAT(ask(host), HasSubstr(" 403 ")) << host;
    EXPECT_THAT(ask(host), HasSubstr("an IP address or localhost\n"));
  }
  for (const char* host : {"", "Host:\r\n", "Host: 127.0.0.1:9090\r\n"}) {
    EXPECT_THAT(ask(host), HasSubstr(" 200 ")) << host;
  }
}

TEST_F(StatusServerTest, WhereServicesHaveNamesAllAreTaken) {
  for (const std::string& where :
       {std::string("0.0.0.0:0"), "unix:" + dir_ / "s"}) {
    Start(where);
    EXPECT_THAT(Raw("GET /livez HTTP/1.1\r\nHost: pod.example\r\n\r\n"),
                HasSubstr(" 200 "))
        << where;
  }
}

TEST_F(StatusServerTest, MethodsThatDoNotFitAreRefused) {
  Start();
  const HttpReply wrong = HttpPost(address(), "/status");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_THAT(wrong.head, HasSubstr("Allow: GET, HEAD"));
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "GET"}) {
    EXPECT_EQ(HttpAsk(address(), method, "/drain").status, 405) << method;
  }
  EXPECT_FALSE(server_->requests()->drain());
}

TEST_F(StatusServerTest, HeadIsAnsweredWithoutABody) {
  Start();
  const HttpReply reply = HttpAsk(address(), "HEAD", "/livez");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.head, HasSubstr("Content-Length: 3"));
  EXPECT_EQ(reply.body, "");
}

TEST_F(StatusServerTest, ControlIsForPostAndNotForWebPages) {
  Start();
  for (const char* header :
       {"Origin: http://evil.example\r\n", "Sec-Fetch-Site: same-origin\r\n"}) {
    EXPECT_EQ(HttpAsk(address(), "POST", "/quitquitquit",
                      absl::StrCat(header, "Content-Length: 0\r\n"))
                  .status,
              403);
  }
  EXPECT_FALSE(server_->requests()->quit());
  EXPECT_EQ(HttpPost(address(), "/quitquitquit").status, 200);
  EXPECT_TRUE(server_->requests()->quit());
}

TEST_F(StatusServerTest, ControlIsOffUnlessAskedFor) {
  options_.control = false;
  Start();
  EXPECT_EQ(HttpPost(address(), "/quitquitquit").status, 404);
  EXPECT_EQ(server_->requests(), nullptr);
}

TEST_F(StatusServerTest, AStaleUnixSocketIsReplacedAndRemovedAtTheEnd) {
  const std::string path = dir_.MakeSocket("s");
  Start("unix:" + path);
  EXPECT_TRUE(Answers());
  struct stat file = {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0660u);
  server_.reset();
  EXPECT_NE(::stat(path.c_str(), &file), 0);
}

TEST_F(StatusServerTest, AnAddressInUseIsAnError) {
  Start("unix:" + dir_ / "s");
  EXPECT_FALSE(StatusServer::Open(address(), options_).ok());
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, ALongHeaderIsRefused) {
  Start();
  for (const std::string& request :
       {"GET /livez HTTP/1.1\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n",
        "GET /" + std::string(1 << 20, 'x') + " HTTP/1.1\r\n\r\n"}) {
    const std::string reply = Raw(request);
    EXPECT_THAT(reply, Not(HasSubstr("[timeout]")));
    EXPECT_NE(ParseReply(reply).status, 200);
  }
  std::string many = "GET /livez HTTP/1.1\r\n";
  for (int i = 0; i < 10000; ++i) absl::StrAppend(&many, "X", i, ": y\r\n");
  EXPECT_NE(ParseReply(Raw(many + "\r\n")).status, 200);
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, ALongBodyIsRefused) {
  Start();
  const std::string head = "POST /drain HTTP/1.1\r\nContent-Length: ";
  for (const char* length : {"100000000", "99999999999999999999", "-1"}) {
    const std::string reply =
        Raw(head + length + "\r\n\r\n" + std::string(100'000, 'x'));
    EXPECT_THAT(reply, Not(HasSubstr("[timeout]"))) << length;
    EXPECT_NE(ParseReply(reply).status, 200) << length;
  }
  EXPECT_FALSE(server_->requests()->drain());
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, WhatIsNoHttpEndsTheConnection) {
  Start();
  for (const std::string& noise :
       {std::string("\r\n\r\n\r\n"), std::string(5000, '\0'),
        std::string("GET\r\n\r\n"), std::string("FROB / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        std::string("GET http://[bad/ HTTP/1.1\r\n\r\n")}) {
    const UniqueFd connection = Connect();
    HttpSend(connection, noise);
    ::shutdown(connection.get(), SHUT_WR);
    EXPECT_THAT(HttpReceive(connection), Not(HasSubstr("[timeout]"))) << noise;
  }
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, OneRequestOnEachConnection) {
  Start();
  const std::string request = "GET /livez HTTP/1.1\r\n\r\n";
  const std::string reply = Raw(request + request + request);
  EXPECT_EQ(reply.find("HTTP/1.1 200"), reply.rfind("HTTP/1.1 200"));
}

TEST_F(StatusServerTest, AClientThatTricklesItsRequestIsCut) {
  options_.limits.connections.lifetime = absl::Seconds(5);
  Start();
  const UniqueFd slow = Connect();
  ASSERT_TRUE(HttpSend(slow, "GET /livez HTTP/1.1\r\nX: "));
  int sent = 0;
  EXPECT_TRUE(Eventually(kSoon, [&] {
    ++sent;
    return !HttpSend(slow, "x");
  }));
  EXPECT_GT(sent, 1);
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, AClientThatReadsNothingHoldsUpNobodyAndIsCut) {
  // Making the page takes a slow machine a while, and others wait for that.
  options_.limits.connections.lifetime = absl::Seconds(10);
  // More than the sockets between hold.
  for (int i = 0; i < 120; ++i) {
    status_.channels.push_back({.name = std::string(50'000, 'n')});
  }
  Start();
  const int small = 4096;
  const UniqueFd slow = Connect();
  ::setsockopt(slow.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  ASSERT_TRUE(HttpSend(slow, "GET /status HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(Answers());
  const size_t before = OpenDescriptors();
  EXPECT_TRUE(Eventually(kSoon, [&] { return OpenDescriptors() < before; }));
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, WhatAClientSendsWithoutEndIsNotKept) {
  options_.limits.connections.lifetime = absl::Minutes(1);
  // Its answer is more than the socket between holds.
  status_.channels.assign(100, {.name = std::string(50'000, 'n')});
  Start("unix:" + dir_ / "s");
  EXPECT_TRUE(Answers());
  const size_t before = OpenDescriptors();
  EXPECT_LT(TakenBehind("POST /drain HTTP/1.1\r\nHost: x\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n"),
            4 * kMegabyte);
  EXPECT_LT(TakenBehind("GET /status HTTP/1.1\r\n\r\n"), 4 * kMegabyte);
  EXPECT_TRUE(Eventually(kSoon, [&] { return OpenDescriptors() <= before; }));
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, ManyIdleConnectionsTakeFewDescriptorsAndHoldUpNobody) {
  options_.limits.connections.count = 4;
  Start();
  const size_t before = OpenDescriptors();
  std::vector<UniqueFd> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(Connect());
  EXPECT_TRUE(Answers());
  // Ours, and at most four of the server's.
  EXPECT_TRUE(Eventually(
      kSoon, [&] { return OpenDescriptors() <= before + idle.size() + 4; }));
  for (size_t i = 0; i + 4 < idle.size(); ++i) {
    EXPECT_EQ(HttpReceive(idle[i]), "") << i;
  }
  EXPECT_TRUE(Answers());
}

TEST_F(StatusServerTest, AThousandRequestsLeaveNothingBehind) {
  Start();
  EXPECT_TRUE(Answers());
  const size_t before = OpenDescriptors();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(Answers()) << i;
  EXPECT_TRUE(Eventually(kSoon, [&] { return OpenDescriptors() <= before; }));
}

TEST_F(StatusServerTest, StopsAtOnceWhateverItsClientsDo) {
  Start();
  const UniqueFd idle = Connect();
  const UniqueFd half = Connect();
  HttpSend(half, "GET /li");
  EXPECT_TRUE(Answers());
  server_->Stop();
  EXPECT_THAT(HttpReceive(idle), Not(HasSubstr("[timeout]")));
  EXPECT_THAT(HttpReceive(half), Not(HasSubstr("[timeout]")));
  server_->Stop();
}

TEST_F(StatusServerTest, IsIdleWhileNobodyAsks) {
  Start();
  EXPECT_TRUE(Answers());
  const UniqueFd idle = Connect();
  ExpectIdle();
}

TEST_F(StatusServerTest, NeverStartedItEndsAllTheSame) {
  auto opened = StatusServer::Open(*ParseHttpAddress("127.0.0.1:0"), options_);
  ASSERT_TRUE(opened.ok());
  EXPECT_NE((*opened)->port(), 0);
}

// A reset would take what the kernel still holds along.
TEST_F(StatusServerTest, AClientThatReadsLateGetsTheWholePage) {
  status_.channels.assign(20, {.name = std::string(50'000, 'n')});
  Start();
  const size_t before = OpenDescriptors();
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int small = 4096;
  ASSERT_EQ(
      ::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small),
      0);
  ASSERT_EQ(::connect(client.get(), address().addr(), address().size()), 0);
  ASSERT_TRUE(HttpSend(client, "GET /status HTTP/1.1\r\n\r\n"));
  ASSERT_NE(ReadyBy(client.get(), POLLIN, Deadline::After(kSoon)), 0);
  // Until the server has closed, where the kernel takes all of it.
  Eventually(absl::Seconds(1), [&] { return OpenDescriptors() <= before + 1; });
  const std::string page = HttpReceive(client);
  EXPECT_THAT(page.substr(page.size() - 20), Not(HasSubstr("[reset]")));
  EXPECT_GT(ParseReply(page).body.size(), kMegabyte * 9 / 10);
}

TEST_F(StatusServerTest, AnAddressWithoutAPathIsTheFirstPage) {
  Start();
  EXPECT_EQ(ParseReply(Raw("GET http://127.0.0.1 HTTP/1.1\r\n\r\n")).status,
            200);
}

TEST_F(StatusServerTest, WhatAPersonTypedIsNoWebPagesRequest) {
  Start();
  const HttpReply reply =
      HttpAsk(address(), "POST", "/drain",
              "Content-Length: 0\r\nSec-Fetch-Site: none\r\n");
  EXPECT_EQ(reply.status / 100, 2) << reply.head;
}

// What is open for too long is ended by its number, which is another's by then.
TEST_F(StatusServerTest, ASocketOfTheSameNumberIsLeftAlone) {
  options_.limits.connections.lifetime = absl::Milliseconds(100);
  Start();
  const size_t before = OpenDescriptors();
  const UniqueFd idle = Connect();
  for (int i = 0; i < 3; ++i) HttpGet(address(), "/livez");
  EXPECT_TRUE(
      Eventually(kSoon, [&] { return OpenDescriptors() <= before + 2; }));
  std::vector<UniqueFd> others;
  for (int i = 0; i < 8; ++i) {
    int fds[2] = {-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           0, fds),
              0);
    others.emplace_back(fds[0]);
    others.emplace_back(fds[1]);
  }
  // It is ended just before those that are a little younger would be.
  EXPECT_THAT(HttpReceive(idle), Not(HasSubstr("[timeout]")));
  EXPECT_FALSE(Eventually(absl::Milliseconds(200), [&] {
    return std::any_of(others.begin(), others.end(), [](const UniqueFd& fd) {
      return ReadyNow(fd.get(), POLLIN) != 0;
    });
  }));
}

TEST_F(StatusServerTest, WithoutADescriptorItWaitsIdlyAndGoesOn) {
  Start();
  EXPECT_TRUE(Answers());
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit limit = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  {
    const UniqueFd next(::fcntl(0, F_DUPFD_CLOEXEC, 0));
    none.rlim_cur = static_cast<rlim_t>(next.get());
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const int connected =
      ::connect(client.get(), address().addr(), address().size());
  const Clock::time_point begun = Clock::now();
  const absl::Duration cpu_before = CpuTime();
  absl::SleepFor(absl::Milliseconds(500));
  const absl::Duration cpu = CpuTime() - cpu_before;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(connected, 0);
  EXPECT_LT(cpu, absl::FromChrono(Clock::now() - begun) / 4);
  EXPECT_TRUE(Eventually(kSoon, [&] { return Answers(); }));
}

}  // namespace
}  // namespace vios::testing
