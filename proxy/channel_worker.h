// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_WORKER_H_
#define VIOS_PROXY_PROXY_CHANNEL_WORKER_H_

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/endpoint.h"
#include "channel/session_end.h"
#include "channel/silence.h"
#include "channel/wakeup.h"
#include "proxy/backoff.h"
#include "proxy/channel_stats.h"
#include "proxy/metrics.h"
#include "proxy/on_change.h"
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
  // `end`, as it is told here: where the worker was stopped because its end
  // point left, the daemon is not shutting down, and the channel was lost.
  SessionEnd Explain(SessionEnd end) const;

  Cancel& stop;       // The worker's.
  const Cancel& cut;  // The daemon's.
  std::unique_ptr<PumpThread> pump_thread = nullptr;
  // Of all connections to the end point, one after the other; the host's.
  std::optional<Silence> silence = std::nullopt;
  // What is told of a far end that comes and goes, which it could do all day.
  Pacer news = Pacer(4, absl::Seconds(10));
};

// What one daemon does with a channel. Shared by all workers: thread-safe.
class ChannelRole {
 public:
  virtual ~ChannelRole() = default;

  // When `endpoint` may be opened; the worker waits for it.
  virtual Deadline MayOpen(const Endpoint& endpoint) = 0;
  // Uses an open channel for as long as it lasts; the worker opens it again
  // after a pause. CANCELLED when the worker is to end.
  virtual absl::Status Serve(UniqueFd fd, WorkerContext& context) = 0;
  // The daemon's: no new sessions once it has fired.
  virtual Cancel& drain() = 0;
  virtual absl::Duration reconnect_interval() const = 0;
  virtual Metrics& metrics() = 0;
};

// The thread that owns one end point: opens it, lets its role serve it, opens
// it again, until it is stopped.
class ChannelWorker {
 public:
  // `role` and `cut` outlive it. Fails when threads or descriptors ran out.
  static absl::StatusOr<std::unique_ptr<ChannelWorker>> Start(
      const Endpoint& endpoint, ChannelRole& role, Cancel& cut);
  // Stops and joins.
  ~ChannelWorker();

  const Endpoint& endpoint() const { return endpoint_; }
  // Ends what it does; returns at once.
  void Stop() { stop_.Fire(); }
  // Whether it has ended, so that destroying it does not block.
  bool finished() const { return finished_; }

 private:
  ChannelWorker(const Endpoint& endpoint, ChannelRole& role, Cancel& cut);
  void Run();
  absl::Status OpenAndServe(Backoff& backoff);
  // Once for each change: what fails is tried again and again.
  void TellOpened(const absl::Status& status);
  bool over() const { return stop_.fired() || role_.drain().fired(); }
  // Until then, or until it is over.
  void Pause(Deadline until);

  const Endpoint endpoint_;
  ChannelRole& role_;
  const std::shared_ptr<ChannelStats> stats_;
  OnChange open_failure_;
  OnChange how_it_ended_;
  Cancel stop_;
  std::unique_ptr<Wakeup> wakeup_;
  std::unique_ptr<WorkerContext> context_;
  std::unique_ptr<Cancel::Listener> on_drain_;
  std::atomic<bool> finished_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_WORKER_H_
