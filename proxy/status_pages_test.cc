// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_pages.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/status_example.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using Method = HttpRequest::Method;

class StatusPagesTest : public ::testing::Test {
 protected:
  HttpResponse Ask(const std::string& path, Method method = Method::kGet) {
    return pages_.Respond({.method = method, .path = path});
  }

  int asked_ = 0;
  DaemonStatus status_ = ExampleHostStatus();
  absl::Status alive_;
  ControlRequests requests_;
  StatusPages pages_{[this] {
                       ++asked_;
                       return status_;
                     },
                     [this] { return alive_; }, &requests_};
};

TEST_F(StatusPagesTest, EachPathHasItsPage) {
  EXPECT_THAT(Ask("/").body, HasSubstr("<!doctype html>"));
  EXPECT_THAT(Ask("/").content_type, HasSubstr("text/html"));
  EXPECT_THAT(Ask("/status").body, HasSubstr("\"channels\""));
  EXPECT_EQ(Ask("/status").content_type, "application/json");
  EXPECT_THAT(Ask("/metrics").body, HasSubstr("# TYPE viosproxy_"));
  EXPECT_THAT(Ask("/metrics").content_type, HasSubstr("version=0.0.4"));
  for (const char* path : {"/livez", "/healthz", "/liveness", "/live",
                           "/readyz", "/readiness", "/ready", "/startup"}) {
    EXPECT_EQ(Ask(path).status, 200) << path;
    EXPECT_EQ(Ask(path).body, "ok\n") << path;
  }
}

TEST_F(StatusPagesTest, ProbesFailWithTheReason) {
  status_.draining = true;
  for (const char* path : {"/readyz", "/readiness", "/ready"}) {
    EXPECT_EQ(Ask(path).status, 503) << path;
    EXPECT_EQ(Ask(path).body, "draining\n") << path;
  }
  EXPECT_EQ(Ask("/livez").status, 200);
  status_.scanned = false;
  EXPECT_EQ(Ask("/startup").status, 503);
}

TEST_F(StatusPagesTest, LivenessAsksTheThreadsAlone) {
  alive_ = absl::UnavailableError("stuck");
  for (const char* path : {"/livez", "/healthz", "/liveness", "/live"}) {
    EXPECT_EQ(Ask(path).status, 503) << path;
    EXPECT_EQ(Ask(path).body, "stuck\n") << path;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(StatusPagesTest, OtherPathsAreNotFound) {
  for (const char* path : {"", "/x", "/status/", "//", "/../etc/passwd"}) {
    EXPECT_EQ(Ask(path).status, 404) << path;
  }
}

TEST_F(StatusPagesTest, PagesAreOnlyToBeRead) {
  for (const Method method : {Method::kPost, Method::kOther}) {
    EXPECT_EQ(Ask("/status", method).status, 405);
    EXPECT_EQ(Ask("/status", method).allow, "GET, HEAD");
  }
  EXPECT_EQ(Ask("/status", Method::kHead).status, 200);
}

TEST_F(StatusPagesTest, ControlTakesPostAlone) {
  for (const char* path : {"/drain", "/quitquitquit"}) {
    for (const Method method : {Method::kGet, Method::kHead, Method::kOther}) {
      EXPECT_EQ(Ask(path, method).status, 405) << path;
      EXPECT_EQ(Ask(path, method).allow, "POST") << path;
    }
  }
  EXPECT_FALSE(requests_.drain() || requests_.quit());
  EXPECT_EQ(Ask("/drain", Method::kPost).status, 200);
  EXPECT_TRUE(requests_.drain() && !requests_.quit());
  EXPECT_EQ(Ask("/quitquitquit", Method::kPost).status, 200);
  EXPECT_TRUE(requests_.quit());
}

TEST_F(StatusPagesTest, NoWebPageControlsTheDaemon) {
  for (const char* path : {"/drain", "/quitquitquit"}) {
    EXPECT_EQ(
        pages_
            .Respond(
                {.method = Method::kPost, .path = path, .from_web_page = true})
            .status,
        403);
  }
  EXPECT_FALSE(requests_.drain() || requests_.quit());
}

TEST_F(StatusPagesTest, WithoutControlThereIsNone) {
  const StatusPages pages([this] { return status_; }, [this] { return alive_; },
                          nullptr);
  EXPECT_EQ(pages.Respond({.method = Method::kPost, .path = "/drain"}).status,
            404);
}

}  // namespace
}  // namespace vios
