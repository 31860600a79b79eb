// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PLACE_IN_LINE_H_
#define VIOS_PROXY_PROXY_PLACE_IN_LINE_H_

#include <optional>

#include "channel/wakeup.h"
#include "proxy/client.h"
#include "proxy/client_queue.h"

namespace vios {

// A worker that is free for a client: in the line of `queue` from construction
// until it took one or is destroyed. A client assigned meanwhile and not taken
// is then put back to the front. One thread's; `queue` and `wakeup` outlive it.
class PlaceInLine {
 public:
  // Rings `wakeup` whenever another thread has a client for Take(). Rank 0 is
  // served before 1, which is for a channel that had better not be used yet.
  PlaceInLine(ClientQueue& queue, Wakeup& wakeup, int rank)
      : queue_(queue), worker_(queue.Join(wakeup, rank)) {}
  PlaceInLine(const PlaceInLine&) = delete;
  PlaceInLine& operator=(const PlaceInLine&) = delete;
  ~PlaceInLine() {
    if (worker_) queue_.Leave(*worker_);
  }

  // The client, or none: then stay in line and wait for a ring. Never blocks.
  // Call it before the first wait and after each. At most one client per place.
  std::optional<Client> Take() {
    if (!worker_) return std::nullopt;
    std::optional<Client> client = queue_.TakeFor(*worker_);
    if (client) worker_.reset();
    return client;
  }

  void SetRank(int rank) {
    if (worker_) queue_.SetRankOf(*worker_, rank);
  }

 private:
  ClientQueue& queue_;
  std::optional<ClientQueue::Line::iterator> worker_;  // Empty: left the line.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PLACE_IN_LINE_H_
