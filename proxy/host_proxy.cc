// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_proxy.h"

#include <set>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "channel/listing.h"
#include "proxy/log.h"

namespace vios {

absl::StatusOr<std::unique_ptr<HostProxy>> HostProxy::Start(
    const HostOptions& options) {
  auto filter = ChannelFilter::Parse(options.channels);
  if (!filter.ok()) return filter.status();
  absl::Status address = CheckServiceAddress(options.service_address);
  if (!address.ok()) return address;
  auto proxy = absl::WrapUnique(new HostProxy(options, *filter));
  auto resolving = ResolverThread::Start(proxy->resolver_);
  if (!resolving.ok()) return resolving.status();
  proxy->resolving_ = *std::move(resolving);
  absl::Status started = proxy->channels_.Start(options.rescan_interval);
  if (!started.ok()) return started;
  return proxy;
}

HostProxy::HostProxy(const HostOptions& options, const ChannelFilter& filter)
    : options_(options),
      resolver_(std::make_shared<ServiceResolver>(options.service_address,
                                                  options.service_port)),
      role_(options_, *resolver_, log_, drain_, active_),
      channels_(options.directory,
                {.list = [directory = options.directory,
                          filter] { return ListHostSide(directory, filter); },
                 .then = [this](const Listing& seen) { AfterLook(seen); }},
                role_, cut_) {}

void HostProxy::AfterLook(const Listing& listing) {
  if (ListingCounts(listing)) {
    std::set<std::string> guests;
    for (const Endpoint& endpoint : listing.endpoints) {
      guests.insert(endpoint.guest);
    }
    role_.KeepOnly(guests);
  }
  log_.Tick();
}

}  // namespace vios
