// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_keeper.h"

#include <utility>

#include "proxy/log.h"

namespace vios {

ChannelKeeper::ChannelKeeper(std::string directory, Duties duties,
                             ChannelRole& role, Cancel& cut)
    : duties_(std::move(duties)),
      watch_(std::move(directory)),
      channels_(role, cut) {}

absl::Status ChannelKeeper::Start(absl::Duration interval) {
  auto supervisor = Supervisor::Start(
      interval, &watch_, [this] { Look(); },
      [](const absl::Status& bug) { FatalExit(bug.message()); });
  if (!supervisor.ok()) return supervisor.status();
  supervisor_ = *std::move(supervisor);
  return absl::OkStatus();
}

// A directory that was not watched before may have changed before it was.
void ChannelKeeper::Look() {
  constexpr int kMaxLooks = 3;
  Listing listing;
  for (int look = 0; look < kMaxLooks; ++look) {
    listing = duties_.list();
    teller_.Tell(listing);
    if (!ListingCounts(listing)) break;
    channels_.Update(listing);
    if (!watch_.Watch(listing.sub_directories)) break;
  }
  const std::string unwatched(watch_.status().message());
  if (watch_failure_.ShouldTell(unwatched) && !unwatched.empty()) {
    VIOS_LOG(kWarn) << "changes are only seen every --rescan_interval: "
                    << unwatched;
  }
  duties_.then(listing);
}

}  // namespace vios
