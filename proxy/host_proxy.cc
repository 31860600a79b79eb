// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_proxy.h"

#include <set>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "channel/listing.h"
#include "proxy/own_sockets.h"

namespace vios {

absl::StatusOr<std::unique_ptr<HostProxy>> HostProxy::Start(
    const HostOptions& options) {
  auto proxy = absl::WrapUnique(new HostProxy(options));
  auto resolving = ResolverThread::Start(proxy->resolver_);
  if (!resolving.ok()) return resolving.status();
  proxy->resolving_ = *std::move(resolving);
  absl::Status started = proxy->channels_.Start(options.rescan_interval);
  if (!started.ok()) return started;
  return proxy;
}

Listing HostProxy::Look(const HostOptions& options) {
  Listing listing = ListHostSide(options.directory, options.channels);
  LeaveOutOwnSockets({options.service.literal(), options.http_address},
                     listing);
  return listing;
}

HostProxy::HostProxy(const HostOptions& options)
    : options_(options),
      watch_(Role::kHost, options, log_),
      resolver_(std::make_shared<ServiceResolver>(options.service)),
      role_(options_, *resolver_, limits_, log_, drain_, active_,
            watch_.metrics()),
      channels_(options.directory,
                {.list = [this] { return Look(options_); },
                 .then = [this](const Listing& seen) { AfterLook(seen); }},
                role_, cut_) {}

void HostProxy::AfterLook(const Listing& listing) {
  if (ListingCounts(listing)) {
    std::set<std::string> guests;
    for (const auto& [guest, why] : listing.unseen) guests.insert(guest);
    for (const Endpoint& endpoint : listing.endpoints) {
      guests.insert(endpoint.guest);
    }
    limits_.KeepOnly(guests);
  }
  log_.Tick();
  watch_.Looked();
}

DaemonStatus HostProxy::Status() const {
  DaemonStatus status = watch_.Status();
  status.service = options_.service.ToString();
  status.draining = drain_.fired();
  return status;
}

}  // namespace vios
