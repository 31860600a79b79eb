// SPDX-License-Identifier: Apache-2.0
#include "proxy/limited_lines.h"

#include <chrono>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gtest/gtest.h"
#include "proxy/session_log.h"

namespace vios {
namespace {

constexpr uint64_t kMany = 100;
constexpr uint64_t kFew = SessionLog::kLinesPerSecond;

class LimitedLinesTest : public ::testing::Test {
 protected:
  // How many of `count` may be written now.
  uint64_t Written(uint64_t count) {
    uint64_t written = 0;
    for (uint64_t i = 0; i < count; ++i) written += lines_.MayWrite() ? 1 : 0;
    return written;
  }

  SessionLog log_;
  LimitedLines lines_{log_};
};

TEST_F(LimitedLinesTest, AFewMayBeWrittenAndTheRestIsCounted) {
  const Clock::time_point begin = Clock::now();
  const uint64_t written = Written(kMany);
  EXPECT_GE(written, kFew);
  EXPECT_TRUE(written == kFew ||
              Clock::now() - begin >= std::chrono::seconds(1));
  EXPECT_EQ(log_.dropped(), kMany - written);
  EXPECT_EQ(lines_.TakeLeftOut(), kMany - written);
  EXPECT_EQ(lines_.TakeLeftOut(), 0u);
}

TEST_F(LimitedLinesTest, ASecondLaterOthersMay) {
  Written(kMany);
  absl::SleepFor(absl::Milliseconds(1050));
  EXPECT_EQ(Written(kFew), kFew);
}

}  // namespace
}  // namespace vios
