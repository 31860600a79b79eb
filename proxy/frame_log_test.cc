// SPDX-License-Identifier: Apache-2.0
#include "proxy/frame_log.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/frame.h"
#include "channel/frame_trace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/log.h"
#include "proxy/test_log.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

class FrameLogTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    InitTestLog("frame_log_test");
    SetLogLevel(LogLevel::kDebug);
  }
  FrameLogTest() { endpoint_.path = "/dev/virtio-ports/qpid.0"; }
  // What `count` frames leave in the log.
  std::string Log(int count) {
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < count; ++i) {
      log_->Note(FrameWay::kReceived,
                 {FrameType::kSynAck, {0x61626364}, {0x65225c01}, 36});
    }
    return ::testing::internal::GetCapturedStderr();
  }

  Endpoint endpoint_;
  std::optional<FrameLog> log_{endpoint_};
};

TEST_F(FrameLogTest, EachFrameIsALineWithWhatThePeerNamesEscaped) {
  EXPECT_THAT(Log(1), HasSubstr("DEBUG channel /dev/virtio-ports/qpid.0: "
                                "received SYNACK abcd/e\\\"\\\\\\x01, "
                                "36 bytes\n"));
}

TEST_F(FrameLogTest, AFloodOfFramesIsCounted) {
  const Deadline limit = Deadline::After(absl::Seconds(20));
  Deadline second = Deadline::Never();
  std::string lines;
  do {  // Again, should it take that long itself.
    log_.emplace(endpoint_);
    second = Deadline::After(absl::Seconds(1));
    lines = Log(FrameLog::kLinesPerSecond + 7);
  } while (second.passed() && !limit.passed());
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'),
            FrameLog::kLinesPerSecond);
  std::string next;
  while (next.empty() && !limit.passed()) next = Log(1);
  EXPECT_THAT(next, HasSubstr(" before it were not shown\n"));
}

}  // namespace
}  // namespace vios
