// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_set.h"

#include <utility>

#include "proxy/channel_fields.h"
#include "proxy/log.h"

namespace vios {

ChannelSet::~ChannelSet() {
  for (auto& [path, worker] : workers_) worker->Stop();
}

void ChannelSet::Update(const Listing& listing) {
  std::erase_if(leaving_,
                [](const auto& worker) { return worker->finished(); });
  std::map<std::string, const Endpoint*> wanted;
  for (const Endpoint& endpoint : listing.endpoints) {
    wanted[endpoint.path] = &endpoint;
  }

  std::vector<std::string> gone;
  for (const auto& [path, worker] : workers_) {
    const auto found = wanted.find(path);
    const bool stays = found == wanted.end()
                           ? !listing.Tells(worker->endpoint().guest)
                           : worker->endpoint().SameThing(*found->second);
    if (!stays) gone.push_back(path);
  }
  for (const std::string& path : gone) Remove(path);
  // Those of unseen guests that stay are in no listing's limits.
  std::map<std::string, size_t> of_guest;
  for (const auto& [path, worker] : workers_) {
    ++of_guest[worker->endpoint().guest];
  }
  for (const auto& [path, endpoint] : wanted) {
    if (workers_.find(path) != workers_.end()) continue;
    if (workers_.size() >= kMaxListed) break;
    if (++of_guest[endpoint->guest] <= kMaxListedOfGuest) Add(*endpoint);
  }
}

void ChannelSet::Remove(const std::string& path) {
  auto worker = workers_.extract(path);
  VIOS_LOG(kInfo).With(ChannelFields(worker.mapped()->endpoint()))
      << "channel left: " << path;
  worker.mapped()->Stop();
  leaving_.push_back(std::move(worker.mapped()));
}

void ChannelSet::Add(const Endpoint& endpoint) {
  auto worker = ChannelWorker::Start(endpoint, role_, cut_);
  const std::string failure(worker.status().message());
  // By its kind: the message names a thread, another one for each channel.
  const bool changed = start_failure_.ShouldTell(
      worker.ok() ? "" : absl::StatusCodeToString(worker.status().code()));
  if (!worker.ok()) {  // The next rescan tries again.
    if (changed) {
      VIOS_LOG(kError).With(ChannelFields(endpoint))
          << "cannot serve channel " << endpoint.path << ": " << failure
          << "; will be tried again";
    }
    return;
  }
  VIOS_LOG(kInfo).With(ChannelFields(endpoint))
      << "channel appeared: " << endpoint.path;
  workers_[endpoint.path] = *std::move(worker);
}

}  // namespace vios
