// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_KEEPER_H_
#define VIOS_PROXY_PROXY_CHANNEL_KEEPER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/directory_watch.h"
#include "channel/listing.h"
#include "proxy/channel_set.h"
#include "proxy/channel_worker.h"
#include "proxy/directory_teller.h"
#include "proxy/on_change.h"
#include "proxy/supervisor.h"

namespace vios {

// Keeps a worker for each channel that a directory shows: the supervisor and
// all that it looks after. Runs from Start() until it is destroyed.
class ChannelKeeper {
 public:
  struct Duties {
    std::function<Listing()> list;
    // After the channels, on the supervisor's thread; may block.
    std::function<void(const Listing&)> then;
  };
  // `role` and `cut` outlive it.
  ChannelKeeper(std::string directory, Duties duties, ChannelRole& role,
                Cancel& cut);

  // Looks at once, on changes, and every `interval` at the latest.
  absl::Status Start(absl::Duration interval);

 private:
  void Look();

  const Duties duties_;
  DirectoryWatch watch_;
  OnChange watch_failure_;
  DirectoryTeller teller_;
  ChannelSet channels_;
  // Last: its thread uses all of the above.
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_KEEPER_H_
