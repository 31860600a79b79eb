// SPDX-License-Identifier: Apache-2.0
#include "channel/reset_reason.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

ResetDetail Decode(const std::string& payload) {
  return DecodeReset(
      {reinterpret_cast<const uint8_t*>(payload.data()), payload.size()});
}

TEST(ResetReasonTest, IsOneByteAndText) {
  EXPECT_EQ(EncodeReset(ResetReason::kTimedOut, "too slow"), "\x02too slow");
  const ResetDetail detail = Decode("\x0ctext");
  EXPECT_EQ(detail.reason, ResetReason::kGivenUpByClient);
  EXPECT_EQ(detail.text, "text");
}

TEST(ResetReasonTest, NoReasonIsAnEmptyPayload) {
  EXPECT_EQ(EncodeReset(ResetReason::kNone, "ignored"), "");
  EXPECT_EQ(Decode("").reason, ResetReason::kNone);
}

TEST(ResetReasonTest, TextBeyondTheLimitIsCut) {
  const std::string text(300, 'x');
  EXPECT_EQ(EncodeReset(ResetReason::kIdleTimeout, text).size(), 256u);
  EXPECT_EQ(Decode("\x04" + text).text, text.substr(0, 255));
}

TEST(ResetReasonTest, EveryReasonHasItsOwnName) {
  std::set<std::string> names;
  for (uint8_t reason = 0; reason <= 13; ++reason) {
    names.insert(ResetReasonName(static_cast<ResetReason>(reason)));
  }
  EXPECT_EQ(names.size(), 14u);
  EXPECT_EQ(ResetReasonName(static_cast<ResetReason>(255)), "reason 255");
}

}  // namespace
}  // namespace vios
