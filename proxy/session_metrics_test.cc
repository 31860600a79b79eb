// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_metrics.h"

#include "gtest/gtest.h"
#include "proxy/termination.h"

namespace vios {
namespace {

class SessionMetricsTest : public ::testing::Test {
 protected:
  void Count(SessionEnd end, bool ran) {
    SessionLine line;
    line.result = {.ran = ran, .end = std::move(end)};
    CountSession(line, Role::kHost, metrics_, *channel_);
  }
  uint64_t Ended(Termination why) {
    return metrics_.Snapshot().ended[static_cast<size_t>(why)];
  }
  uint64_t Observed() {
    uint64_t sum = 0;
    for (const uint64_t one : metrics_.Snapshot().duration.counts) sum += one;
    return sum;
  }

  Metrics metrics_{Role::kHost};
  std::shared_ptr<ChannelStats> channel_ = metrics_.AddChannel("g", "c");
};

TEST_F(SessionMetricsTest, ACleanSessionIsCountedAndIsNoError) {
  Count({}, true);
  EXPECT_EQ(Ended(Termination::kClean), 1u);
  EXPECT_EQ(Observed(), 1u);
  EXPECT_EQ(channel_->Status().last_error, "");
}

TEST_F(SessionMetricsTest, AnAttemptHasNoDuration) {
  Count(ResetBecause(ResetReason::kServiceRefused, "nobody there"), false);
  EXPECT_EQ(Ended(Termination::kServiceRefused), 1u);
  EXPECT_EQ(Observed(), 0u);
  EXPECT_EQ(channel_->Status().last_error, "service refused (nobody there)");
}

TEST_F(SessionMetricsTest, WhatThePeerGotWrongIsCountedByItsKind) {
  Count(ResetBecause(ResetReason::kStreamDamaged, ""), true);
  Count(ResetBecause(ResetReason::kProtocolError, ""), true);
  // No damage: the peer was restarted.
  Count({SessionEnd::Kind::kPeerReopened, ResetReason::kStreamDamaged, ""},
        true);
  // The peer says that of us.
  Count({SessionEnd::Kind::kPeerReset, ResetReason::kProtocolError, ""}, true);
  const auto errors = channel_->Totals().protocol_errors;
  EXPECT_EQ(errors[static_cast<size_t>(ProtocolErrorKind::kStreamDamaged)], 1u);
  EXPECT_EQ(errors[static_cast<size_t>(ProtocolErrorKind::kProtocolError)], 1u);
}

}  // namespace
}  // namespace vios
