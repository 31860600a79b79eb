// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_client.h"

#include <sys/socket.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/scratch_dir.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"
#include "proxy/fake_http_server.h"
#include "proxy/http_address.h"

namespace vios {
namespace {

class HttpClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<HttpAnswer> Ask(absl::Duration limit = absl::Seconds(30)) {
    return AskHttp(*ParseHttpAddress("unix:" + path_), "GET", "/status",
                   Deadline::After(limit), *wakeup_);
  }

  const ScratchDir directory_;
  const std::string path_ = directory_ / "s";
  Cancel cancel_;
  const std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
};

TEST_F(HttpClientTest, GetsStatusAndBody) {
  std::string asked;
  {
    const FakeHttpServer server(path_, [&](const std::string& line) {
      asked = line;
      return "HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\nno\r\n\r\nway\n";
    });
    const auto answer = Ask();
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(answer->body, "no\r\n\r\nway\n");
  }
  EXPECT_EQ(asked, "GET /status HTTP/1.0");
}

TEST_F(HttpClientTest, GetsALongBody) {
  const std::string body(300000, 'x');
  const FakeHttpServer server(path_, [&](const std::string&) {
    return "HTTP/1.0 200 OK\r\n\r\n" + body;
  });
  const auto answer = Ask();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(answer->body == body);
}

TEST_F(HttpClientTest, WhatIsNoHttpIsAnError) {
  for (const std::string text :
       {"", "hello\n", "HTTP/1.1 2\r\n\r\n", "HTTP/1.1 200 OK\r\n"}) {
    const ScratchDir directory;
    const FakeHttpServer server(directory / "s",
                                [&](const std::string&) { return text; });
    const auto answer =
        AskHttp(*ParseHttpAddress("unix:" + (directory / "s")), "GET", "/",
                Deadline::After(absl::Seconds(30)), *wakeup_);
    EXPECT_TRUE(absl::IsUnavailable(answer.status())) << text;
  }
}

TEST_F(HttpClientTest, NobodyThere) {
  EXPECT_TRUE(absl::IsNotFound(Ask().status()));
}

// A backlog in which the connection waits, and no accept.
TEST_F(HttpClientTest, ServerThatSaysNothingTakesTheTimeAndNoMore) {
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = *ParseHttpAddress("unix:" + path_);
  ASSERT_EQ(::bind(listener.get(), address.addr(), address.size()), 0);
  ASSERT_EQ(::listen(listener.get(), 4), 0);
  EXPECT_TRUE(absl::IsDeadlineExceeded(Ask(absl::Milliseconds(20)).status()));
  cancel_.Fire();
  EXPECT_TRUE(absl::IsCancelled(Ask().status()));
}

}  // namespace
}  // namespace vios
