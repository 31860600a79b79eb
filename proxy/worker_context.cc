// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker_context.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proxy/channel_fields.h"
#include "proxy/frame_log.h"
#include "proxy/log.h"

namespace vios {

SessionEnd WorkerContext::Explain(SessionEnd end) const {
  const bool stopped = end.kind == SessionEnd::Kind::kReset &&
                       end.reason == ResetReason::kShuttingDown;
  if (!stopped || cut.fired()) return end;
  return {SessionEnd::Kind::kChannelLost, ResetReason::kNone,
          "its end point left"};
}

void WorkerContext::NoteMalformedBlock() {
  stats.CountProtocolError(ProtocolErrorKind::kBadOptions);
  VIOS_LOG(kDebug).With(ChannelFields(endpoint))
      << "channel " << endpoint.path
      << ": an option block that is none was left out";
}

void WorkerContext::LogFrames(Channel& channel) {
  if (!LogEnabled(LogLevel::kDebug)) return;
  if (!frame_trace) {
    frame_trace = [log = std::make_shared<FrameLog>(endpoint)](
                      FrameWay way, const FrameHeader& header) {
      log->Note(way, header);
    };
  }
  channel.Trace(&frame_trace);
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
