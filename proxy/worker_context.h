// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_WORKER_CONTEXT_H_
#define VIOS_PROXY_PROXY_WORKER_CONTEXT_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/endpoint.h"
#include "channel/frame_trace.h"
#include "channel/session_end.h"
#include "channel/silence.h"
#include "channel/wakeup.h"
#include "proxy/channel_stats.h"
#include "proxy/pacer.h"
#include "proxy/pump_thread.h"

namespace vios {

// What a worker has to give to its role. One thread's.
struct WorkerContext {
  const Endpoint& endpoint;
  Wakeup& wakeup;
  // What is to be told of the channel.
  ChannelStats& stats;
  // The worker's second thread, started when it is first needed.
  absl::StatusOr<PumpThread*> pump();
  // `end`, but "shutting down" becomes "channel lost" where only this worker
  // was stopped, because its end point left.
  SessionEnd Explain(SessionEnd end) const;
  // The peer's option block was none, and was left out.
  void NoteMalformedBlock();
  // Has the frames of `channel`, which this outlives, in the log if that shows
  // DEBUG lines.
  void LogFrames(Channel& channel);

  Cancel& stop;       // The worker's.
  const Cancel& cut;  // The daemon's.
  std::unique_ptr<PumpThread> pump_thread = nullptr;
  // Of all connections to the end point, one after the other; the host's.
  std::optional<Silence> silence = std::nullopt;
  // What is told of a far end that comes and goes, which it could do all day.
  Pacer news = Pacer(4, absl::Seconds(10));
  FrameTrace frame_trace = nullptr;  // Into the log; made when needed.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_WORKER_CONTEXT_H_
