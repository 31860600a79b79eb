// SPDX-License-Identifier: Apache-2.0
#include "channel/reset_reason.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace vios {

std::string ResetReasonName(ResetReason reason) {
  switch (reason) {
    case ResetReason::kNone:
      return "no reason given";
    case ResetReason::kServiceRefused:
      return "service refused";
    case ResetReason::kTimedOut:
      return "timed out";
    case ResetReason::kConnectionReset:
      return "connection reset";
    case ResetReason::kIdleTimeout:
      return "idle timeout";
    case ResetReason::kShuttingDown:
      return "shutting down";
    case ResetReason::kProtocolError:
      return "protocol error";
    case ResetReason::kNoResources:
      return "no resources";
    case ResetReason::kSuperseded:
      return "superseded";
    case ResetReason::kUnknownSession:
      return "unknown session";
    case ResetReason::kHalfCloseTimeout:
      return "half-close timeout";
    case ResetReason::kStreamDamaged:
      return "stream damaged";
    case ResetReason::kGivenUpByClient:
      return "given up by the client";
  }
  return absl::StrCat("reason ", static_cast<int>(reason));
}

std::string EncodeReset(ResetReason reason, absl::string_view text) {
  if (reason == ResetReason::kNone) return "";
  return absl::StrCat(std::string(1, static_cast<char>(reason)),
                      text.substr(0, kMaxResetTextSize));
}

ResetDetail DecodeReset(absl::Span<const uint8_t> payload) {
  if (payload.empty()) return {};
  const auto text = payload.subspan(1, kMaxResetTextSize);
  return {static_cast<ResetReason>(payload[0]),
          std::string(text.begin(), text.end())};
}

}  // namespace vios
