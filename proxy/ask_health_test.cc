// SPDX-License-Identifier: Apache-2.0
#include "proxy/ask_health.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"
#include "proxy/fake_http_server.h"
#include "proxy/http_address.h"

namespace vios {
namespace {

class AskHealthTest : public ::testing::Test {
 protected:
  absl::Status Ask() {
    return AskHealth(*ParseHttpAddress("unix:" + path_), "liveness",
                     Deadline::After(absl::Seconds(30)));
  }

  const ScratchDir directory_;
  const std::string path_ = directory_ / "s";
};

TEST(IsHealthProbeTest, ThereAreThree) {
  EXPECT_TRUE(IsHealthProbe("startup"));
  EXPECT_TRUE(IsHealthProbe("readiness"));
  EXPECT_TRUE(IsHealthProbe("liveness"));
  EXPECT_FALSE(IsHealthProbe(""));
  EXPECT_FALSE(IsHealthProbe("metrics"));
}

TEST_F(AskHealthTest, YesIsOk) {
  std::string asked;
  {
    const FakeHttpServer server(path_, [&](const std::string& line) {
      asked = line;
      return std::string("HTTP/1.1 200 OK\r\n\r\nok\n");
    });
    EXPECT_EQ(Ask(), absl::OkStatus());
  }
  EXPECT_EQ(asked, "GET /liveness HTTP/1.0");
}

TEST_F(AskHealthTest, NoHasTheReasonThatWasGiven) {
  const FakeHttpServer server(path_, [](const std::string&) {
    return std::string("HTTP/1.1 503 Service Unavailable\r\n\r\nno channels\n");
  });
  EXPECT_EQ(Ask(), absl::FailedPreconditionError("no channels"));
}

TEST_F(AskHealthTest, ReasonIsALineWhateverWasSent) {
  const FakeHttpServer server(path_, [](const std::string&) {
    return std::string(
        "HTTP/1.1 503 No\r\n\r\n\x1b[2Jno\nchannels\x9b"
        "2J\n");
  });
  EXPECT_EQ(Ask(),
            absl::FailedPreconditionError("\\x1b[2Jno\\x0achannels\\x9b2J"));
}

TEST_F(AskHealthTest, NobodyThereIsAnError) { EXPECT_FALSE(Ask().ok()); }

}  // namespace
}  // namespace vios
