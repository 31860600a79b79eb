// SPDX-License-Identifier: Apache-2.0
#include "channel/session_end.h"

#include "absl/strings/str_cat.h"
#include "channel/escape.h"

namespace vios {
namespace {

std::string Headline(const SessionEnd& end) {
  switch (end.kind) {
    case SessionEnd::Kind::kClean:
      return "clean";
    case SessionEnd::Kind::kBaseClosed:
      return "closed here";
    case SessionEnd::Kind::kBasePeer:
      return "closed by the peer";
    case SessionEnd::Kind::kReset:
      return ResetReasonName(end.reason);
    case SessionEnd::Kind::kPeerReset:
      return absl::StrCat("reset by the peer: ", ResetReasonName(end.reason));
    case SessionEnd::Kind::kPeerForgot:
    case SessionEnd::Kind::kPeerReopened:
      return "peer began anew";
    case SessionEnd::Kind::kChannelLost:
      return "channel lost";
  }
  return "?";
}

}  // namespace

SessionEnd PeerReset(absl::Span<const uint8_t> payload) {
  const ResetDetail detail = DecodeReset(payload);
  return {SessionEnd::Kind::kPeerReset, detail.reason,
          Escape(detail.text, kMaxResetTextSize)};
}

std::string Describe(const SessionEnd& end) {
  if (end.detail.empty()) return Headline(end);
  return absl::StrCat(Headline(end), " (", end.detail, ")");
}

}  // namespace vios
