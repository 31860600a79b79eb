// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_SET_H_
#define VIOS_PROXY_PROXY_CHANNEL_SET_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "channel/cancel.h"
#include "channel/endpoint.h"
#include "channel/listing.h"
#include "proxy/channel_worker.h"
#include "proxy/on_change.h"

namespace vios {

// The workers of a daemon, one for each end point that its directory shows.
// The supervisor's alone.
class ChannelSet {
 public:
  // `role` and `cut` outlive it.
  ChannelSet(ChannelRole& role, Cancel& cut) : role_(role), cut_(cut) {}
  // Stops all workers, then joins them.
  ~ChannelSet();

  // Starts a worker for every end point that is new and stops those of the end
  // points that are gone, as far as the listing can tell, or are another thing
  // now. No guest, and not all together, get more workers than end points of
  // theirs may be listed. Never waits for a worker.
  void Update(const Listing& listing);

 private:
  void Remove(const std::string& path);
  void Add(const Endpoint& endpoint);

  ChannelRole& role_;
  Cancel& cut_;
  std::map<std::string, std::unique_ptr<ChannelWorker>> workers_;  // By path.
  std::vector<std::unique_ptr<ChannelWorker>> leaving_;            // Stopped.
  OnChange start_failure_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_SET_H_
