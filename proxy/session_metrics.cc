// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_metrics.h"

#include "channel/session_end.h"
#include "proxy/termination.h"

namespace vios {
namespace {

// Whether an operator who looks at the channel would want to know.
bool IsTrouble(Termination why) {
  switch (why) {
    case Termination::kClean:
    case Termination::kBaseClosed:
    case Termination::kClientReset:
    case Termination::kServiceReset:
    case Termination::kClientLeft:
    case Termination::kDraining:
      return false;
    default:
      return true;
  }
}

}  // namespace

void CountSession(const SessionLine& line, Role role, Metrics& metrics,
                  ChannelStats& channel) {
  const SessionEnd& end = line.result.end;
  const Termination why = TerminationOf(end, role, line.result.ran);
  metrics.CountEnd(why);
  if (line.result.ran) metrics.duration.Observe(line.Duration());
  if (end.kind == SessionEnd::Kind::kReset) {
    if (end.reason == ResetReason::kProtocolError) {
      channel.CountProtocolError(ProtocolErrorKind::kProtocolError);
    } else if (end.reason == ResetReason::kStreamDamaged) {
      channel.CountProtocolError(ProtocolErrorKind::kStreamDamaged);
    }
  }
  if (IsTrouble(why)) channel.Failed(Describe(end));
}

}  // namespace vios
