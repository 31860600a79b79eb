// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_WORKER_H_
#define VIOS_PROXY_PROXY_CHANNEL_WORKER_H_

#include <atomic>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/wakeup.h"
#include "proxy/backoff.h"
#include "proxy/channel_role.h"
#include "proxy/channel_stats.h"
#include "proxy/on_change.h"
#include "proxy/worker_context.h"

namespace vios {

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
  void LogOpened(const absl::Status& status);
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
