// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker_context.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace vios {

SessionEnd WorkerContext::Explain(SessionEnd end) const {
  const bool stopped = end.kind == SessionEnd::Kind::kReset &&
                       end.reason == ResetReason::kShuttingDown;
  if (!stopped || cut.fired()) return end;
  return {SessionEnd::Kind::kChannelLost, ResetReason::kNone,
          "its end point left"};
}

absl::StatusOr<PumpThread*> WorkerContext::pump() {
  if (pump_thread == nullptr) {
    auto started =
        PumpThread::Start(absl::StrCat("down:", endpoint.name), stop);
    if (!started.ok()) return started.status();
    pump_thread = *std::move(started);
  }
  return pump_thread.get();
}

}  // namespace vios
