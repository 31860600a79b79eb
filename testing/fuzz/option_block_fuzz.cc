// SPDX-License-Identifier: Apache-2.0
// Option blocks and reset details of any bytes, against a second parser.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "channel/escape.h"
#include "channel/option_block.h"
#include "channel/reset_reason.h"
#include "glog/logging.h"
#include "testing/fuzz/wire.h"

namespace vios::fuzz {
namespace {

bool IsHarmless(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

void CheckEscape(absl::string_view text, size_t limit) {
  const std::string shown = Escape(text, limit);
  CHECK(IsHarmless(shown));
  CHECK_LE(shown.size(), limit + 3);
}

// A family, an address and a port have these sizes, and no other.
void CheckClaim(absl::string_view claim) {
  const std::string shown = ClientClaimToString(std::string(claim));
  const bool v4 = claim.size() == 7 && claim[0] == 4;
  const bool v6 = claim.size() == 19 && claim[0] == 6;
  CHECK_EQ(shown.empty(), !v4 && !v6);
  CHECK(IsHarmless(shown));
  CHECK_EQ(absl::StartsWith(shown, "["), v6);
}

void CheckBlock(absl::Span<const uint8_t> payload) {
  const WireBlock expected = ParseBlock(AsText(payload.data(), payload.size()));
  const auto block = DecodeOptionBlock(payload);
  CHECK_EQ(block.has_value(), expected.valid);
  if (!block.has_value()) return;
  CHECK_EQ(block->version, expected.version);
  CHECK_EQ(block->agent, expected.agent);
  CHECK_EQ(block->client, expected.client);
  CheckEscape(block->agent, 80);
  CheckClaim(block->client);
  const std::string again = EncodeOptionBlock(*block);
  const WireBlock same = ParseBlock(again);
  CHECK(same.valid && same.version == expected.version &&
        same.agent == expected.agent && same.client == expected.client);
}

void CheckReset(absl::Span<const uint8_t> payload) {
  const absl::string_view bytes = AsText(payload.data(), payload.size());
  const ResetDetail detail = DecodeReset(payload);
  CHECK_EQ(static_cast<int>(detail.reason), ReasonOf(bytes));
  CHECK_EQ(detail.text, TextOf(bytes));
  CHECK(IsHarmless(ResetReasonName(detail.reason)));
  CheckEscape(detail.text, kMaxResetTextSize);
  if (detail.reason == ResetReason::kNone) return;
  CHECK_EQ(EncodeReset(detail.reason, detail.text),
           bytes.substr(0, 1 + kMaxResetTextSize));
}

}  // namespace
}  // namespace vios::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vios::fuzz::CheckBlock({data, size});
  vios::fuzz::CheckReset({data, size});
  vios::fuzz::CheckClaim(vios::fuzz::AsText(data, size));
  return 0;
}
