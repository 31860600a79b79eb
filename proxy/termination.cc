// SPDX-License-Identifier: Apache-2.0
#include "proxy/termination.h"

namespace vios {
namespace {

struct Word {
  absl::string_view name;
  absl::string_view meaning;
};

constexpr std::array<Word, kTerminationCount> kWords = {{
    {"clean", "both directions ended and both daemons know it"},
    {"base_closed",
     "ordinary end with a 0.2 peer, which cannot prove that all arrived"},
    {"client_reset", "the client reset its connection, or it broke"},
    {"service_reset", "the service reset its connection, or it broke"},
    {"client_left", "the client hung up before it had a session"},
    {"service_refused", "the service cannot be reached"},
    {"connect_timeout",
     "the service or the other daemon did not answer within --connect_timeout"},
    {"idle_timeout", "--idle_timeout: no byte either way"},
    {"half_close_timeout",
     "--half_close_timeout: one direction ended, no byte in the other"},
    {"peer_timeout", "--peer_timeout: the other daemon was silent"},
    {"peer_restarted",
     "the other daemon, or its machine, was restarted: it no longer knows the "
     "session"},
    {"channel_lost",
     "the channel ended: port unplugged, guest rebooted, daemon gone"},
    {"stream_damaged", "bytes were lost or changed in the channel"},
    {"protocol_error", "the other daemon broke the protocol"},
    {"no_resources", "no thread, descriptor or memory was to be had"},
    {"draining", "a daemon was shutting down"},
    {"queue_timeout", "no channel was free within --queue_timeout"},
    {"queue_full", "--max_queue clients were waiting already"},
    {"unspecified", "the other daemon gave no reason, or one unknown here"},
}};

// The end of the TCP leg that the daemon `role` has; `here` tells whether that
// is this daemon or its peer.
Termination ResetOfLeg(Role role, bool here) {
  return (role == Role::kGuest) == here ? Termination::kClientReset
                                        : Termination::kServiceReset;
}

Termination OfReset(const SessionEnd& end, Role role, bool established) {
  switch (end.reason) {
    case ResetReason::kNone:
      return Termination::kUnspecified;
    case ResetReason::kServiceRefused:
      return Termination::kServiceRefused;
    case ResetReason::kTimedOut:
      return established ? Termination::kPeerTimeout
                         : Termination::kConnectTimeout;
    case ResetReason::kConnectionReset:
      return ResetOfLeg(role, end.kind == SessionEnd::Kind::kReset);
    case ResetReason::kIdleTimeout:
      return Termination::kIdleTimeout;
    case ResetReason::kShuttingDown:
      return Termination::kDraining;
    case ResetReason::kProtocolError:
      return Termination::kProtocolError;
    case ResetReason::kNoResources:
      return Termination::kNoResources;
    case ResetReason::kSuperseded:
    case ResetReason::kUnknownSession:
      return Termination::kPeerRestarted;
    case ResetReason::kHalfCloseTimeout:
      return Termination::kHalfCloseTimeout;
    case ResetReason::kStreamDamaged:
      return Termination::kStreamDamaged;
    case ResetReason::kGivenUpByClient:
      return Termination::kClientLeft;
  }
  return Termination::kUnspecified;  // A peer may send any number.
}

const Word& WordOf(Termination termination) {
  return kWords[static_cast<size_t>(termination)];
}

}  // namespace

std::array<Termination, kTerminationCount> AllTerminations() {
  std::array<Termination, kTerminationCount> all;
  for (size_t i = 0; i < all.size(); ++i) all[i] = Termination(i);
  return all;
}

absl::string_view TerminationName(Termination termination) {
  return WordOf(termination).name;
}

absl::string_view TerminationMeaning(Termination termination) {
  return WordOf(termination).meaning;
}

Termination TerminationOf(const SessionEnd& end, Role role, bool established) {
  switch (end.kind) {
    case SessionEnd::Kind::kClean:
      return Termination::kClean;
    case SessionEnd::Kind::kBaseClosed:
    case SessionEnd::Kind::kBasePeer:
      return Termination::kBaseClosed;
    case SessionEnd::Kind::kPeerForgot:
    case SessionEnd::Kind::kPeerReopened:
      return Termination::kPeerRestarted;
    case SessionEnd::Kind::kChannelLost:
      return Termination::kChannelLost;
    case SessionEnd::Kind::kReset:
    case SessionEnd::Kind::kPeerReset:
      break;
  }
  return OfReset(end, role, established);
}

absl::string_view EndedBy(const SessionEnd& end) {
  switch (end.kind) {
    case SessionEnd::Kind::kBaseClosed:
    case SessionEnd::Kind::kReset:
      return "us";
    case SessionEnd::Kind::kBasePeer:
    case SessionEnd::Kind::kPeerReset:
    case SessionEnd::Kind::kPeerForgot:
    case SessionEnd::Kind::kPeerReopened:
      return "peer";
    case SessionEnd::Kind::kClean:
    case SessionEnd::Kind::kChannelLost:
      break;
  }
  return "";
}

}  // namespace vios
