// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/traffic/client.h"
#include "testing/traffic/round_trips.h"
#include "testing/traffic/service.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class TrafficTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ServiceOptions options;
    options.log = [this](const std::string& line) {
      absl::MutexLock lock(&mu_);
      lines_.push_back(line);
    };
    auto service = Service::Start(std::move(options));
    ASSERT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
  }

  ClientOptions Request(const std::string& request) const {
    ClientOptions options;
    options.port = service_->port();
    options.request = request;
    options.no_progress = absl::Seconds(20);
    return options;
  }

  bool AwaitLine(const std::string& part) {
    const auto logged = [&] {
      mu_.AssertReaderHeld();
      for (const std::string& line : lines_) {
        if (absl::StrContains(line, part)) return true;
      }
      return false;
    };
    absl::MutexLock lock(&mu_);
    return mu_.AwaitWithTimeout(absl::Condition(&logged), absl::Seconds(20));
  }

 private:
  absl::Mutex mu_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Service> service_;  // Last: it logs.
};

TEST_F(TrafficTest, SourceArrivesWhole) {
  ClientOptions options = Request("source 1000000 7");
  options.expect = Content{1000000, 7};
  EXPECT_THAT(RunClient(options),
              StartsWith("outcome=clean-eof bytes=1000000 same=1"));
}

TEST_F(TrafficTest, OtherContentIsDifferent) {
  ClientOptions options = Request("source 1000000 7");
  options.expect = Content{1000000, 8};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=different"));
}

TEST_F(TrafficTest, LessIsShortAndMoreIsDifferent) {
  ClientOptions options = Request("source 1000 7");
  options.expect = Content{1001, 7};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=short bytes=1000"));
  options.expect = Content{999, 7};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=different bytes=999"));
}

TEST_F(TrafficTest, SinkReportsWhatItGot) {
  ClientOptions options = Request("sink");
  options.send = {1000001, 3};
  options.expect = Content{};
  options.expect_report = true;
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
}

TEST_F(TrafficTest, EchoReturnsTheSame) {
  ClientOptions options = Request("echo");
  options.send = {300000, 3};
  options.expect = Content{300000, 3};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
}

TEST_F(TrafficTest, BothWaysAtOnce) {
  ClientOptions options = Request("both 3000000 1 2000000 2");
  options.send = {2000000, 2};
  options.expect = Content{3000000, 1};
  options.expect_report = true;
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
  EXPECT_TRUE(AwaitLine("outcome=clean-eof received=2000000"));
}

TEST_F(TrafficTest, AnswersAfterTheEndOfWhatItExpects) {
  ClientOptions options = Request("answer 3000000 1 2000000 2");
  options.send = {2000000, 2};
  options.expect = Content{3000000, 1};
  options.expect_report = true;
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
}

TEST_F(TrafficTest, EndsFirstAndExpectsMore) {
  ClientOptions options = Request("first 300000 1 2000000 2");
  options.half_close = false;
  options.send = {2000000, 2};
  options.expect = Content{300000, 1};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
  EXPECT_TRUE(AwaitLine("outcome=clean-eof received=2000000"));
}

TEST_F(TrafficTest, ServiceNoticesLessAndMoreAndOther) {
  ClientOptions options = Request("both 0 0 1000 2");
  options.send = {999, 2};
  RunClient(options);
  EXPECT_TRUE(AwaitLine("outcome=short"));
  options.send = {1001, 2};
  RunClient(options);
  EXPECT_TRUE(AwaitLine("outcome=different received=1000"));
  options.request = "answer 0 0 1000 3";
  options.send = {1000, 2};
  RunClient(options);
  EXPECT_TRUE(AwaitLine("answer 0 0 1000 3 : outcome=different"));
}

TEST_F(TrafficTest, ResetsWhenKilledEndNormallyOtherwise) {
  ClientOptions options = Request("both 100000 1 100000 2");
  options.kill_resets = true;
  options.send = {100000, 2};
  options.expect = Content{100000, 1};
  options.expect_report = true;
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
  EXPECT_TRUE(AwaitLine("outcome=clean-eof received=100000"));
}

TEST_F(TrafficTest, AnswersAfterTheEnd) {
  ClientOptions options = Request("source-after-eof 100000 5");
  options.expect = Content{100000, 5};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
}

TEST_F(TrafficTest, SendsOnAfterTheServiceEnded) {
  ClientOptions options = Request("close-first bye");
  options.half_close = false;
  options.expect = Content{};
  options.expect_tail = "bye";
  options.send_after_eof = {100000, 9};
  EXPECT_THAT(RunClient(options), StartsWith("outcome=clean-eof"));
  EXPECT_TRUE(AwaitLine(absl::StrCat("outcome=clean-eof received=100000")));
}

TEST_F(TrafficTest, ResetIsNoEnd) {
  EXPECT_THAT(RunClient(Request("reset")), StartsWith("outcome=reset"));
  EXPECT_THAT(RunClient(Request("source-reset 100000 1")),
              StartsWith("outcome=reset"));
}

TEST_F(TrafficTest, VanishingResetsTheService) {
  ClientOptions options = Request("hold");
  options.vanish = true;
  EXPECT_THAT(RunClient(options), StartsWith("outcome=vanished"));
  EXPECT_TRUE(AwaitLine("hold : outcome=reset"));
}

TEST_F(TrafficTest, SilenceTimesOut) {
  ClientOptions options = Request("stall");
  options.no_progress = absl::Milliseconds(50);
  EXPECT_THAT(RunClient(options), StartsWith("outcome=timeout"));
}

TEST_F(TrafficTest, NobodyListeningRefuses) {
  ClientOptions options;
  {
    const absl::StatusOr<UniqueFd> listener = ListenTcp("127.0.0.1", 0);
    ASSERT_TRUE(listener.ok());
    options.port = LocalPort(listener->get()).value();
  }
  EXPECT_THAT(RunClient(options), StartsWith("outcome=refused"));
}

TEST_F(TrafficTest, ShortConnectionsAreCounted) {
  EXPECT_THAT(RunShortConnections(Request(""), 50),
              HasSubstr("ok=50 failed=0"));
  EXPECT_THAT(RunShortConnections(Request(""), 50, 7),
              HasSubstr("ok=50 failed=0"));
}

TEST_F(TrafficTest, RoundTripsAreTimed) {
  EXPECT_THAT(RunRoundTrips(Request(""), 10),
              AllOf(StartsWith("outcome=clean-eof p50_us="),
                    Not(HasSubstr("p50_us=0 "))));
}

}  // namespace
}  // namespace vios::testing
