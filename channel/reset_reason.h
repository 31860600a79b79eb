// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_RESET_REASON_H_
#define VIOS_PROXY_CHANNEL_RESET_REASON_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace vios {

// Why a session was reset, as the payload of RESET says it. Pure functions.
enum class ResetReason : uint8_t {
  kNone = 0,  // Not said: an empty RESET, as 0.2 sends it.
  kServiceRefused = 1,
  kTimedOut = 2,
  kConnectionReset = 3,
  kIdleTimeout = 4,
  kShuttingDown = 5,
  kProtocolError = 6,
  kNoResources = 7,
  kSuperseded = 8,
  kUnknownSession = 9,
  kHalfCloseTimeout = 10,
  kStreamDamaged = 11,
  kGivenUpByClient = 12,
};

// "service refused", ...; "reason 77" for one that we do not know.
std::string ResetReasonName(ResetReason reason);

struct ResetDetail {
  ResetReason reason = ResetReason::kNone;
  std::string text;  // As sent: escape it wherever it is shown.
};

inline constexpr size_t kMaxResetTextSize = 255;

// The payload; empty for kNone. Text beyond the limit is cut.
std::string EncodeReset(ResetReason reason, absl::string_view text);
// Takes any bytes; text beyond the limit is left out.
ResetDetail DecodeReset(absl::Span<const uint8_t> payload);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_RESET_REASON_H_
