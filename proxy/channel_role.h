// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_ROLE_H_
#define VIOS_PROXY_PROXY_CHANNEL_ROLE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "channel/unique_fd.h"
#include "proxy/metrics.h"
#include "proxy/worker_context.h"

namespace vios {

// What one daemon does with a channel. Shared by all workers: thread-safe.
class ChannelRole {
 public:
  virtual ~ChannelRole() = default;

  // Takes a turn to open `endpoint`: its moment, which the worker waits for.
  virtual Deadline ReserveOpening(const Endpoint& endpoint) = 0;
  // Uses an open channel for as long as it lasts. Returns CANCELLED when the
  // worker is to end; else why the channel ended, and the worker opens it again
  // after a pause. ABORTED is a far end that was silent all the while; INTERNAL
  // a bug of ours, which ends the daemon. Blocks; `context.wakeup` ends it.
  virtual absl::Status Serve(UniqueFd fd, WorkerContext& context) = 0;
  // The daemon's: no new sessions once it has fired.
  virtual Cancel& drain() = 0;
  virtual absl::Duration reconnect_interval() const = 0;
  virtual Metrics& metrics() = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_ROLE_H_
