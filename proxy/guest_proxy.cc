// SPDX-License-Identifier: Apache-2.0
#include "proxy/guest_proxy.h"

#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "proxy/log.h"
#include "proxy/log_fields.h"
#include "proxy/own_sockets.h"
#include "proxy/tcp.h"
#include "proxy/termination.h"

namespace vios {
namespace {

// Of a client that never got a channel.
LogFields Lost(const Client& client, Termination why) {
  LogFields fields;
  fields.Add("client", client.from).Add("why", TerminationName(why));
  return fields;
}

}  // namespace

absl::StatusOr<std::unique_ptr<GuestProxy>> GuestProxy::Start(
    const GuestOptions& options, std::optional<UniqueFd> listener) {
  const bool inherited = listener.has_value();
  if (!inherited) {
    auto opened = OpenListener(options.listen_address, options.listen_mode);
    if (!opened.ok()) return opened.status();
    listener = *std::move(opened);
  }
  auto proxy = absl::WrapUnique(new GuestProxy(options));
  if (!inherited) proxy->socket_guard_.emplace(options.listen_address);
  proxy->address_ =
      NearAddress(listener->get()).value_or(options.listen_address);
  absl::Status started = proxy->channels_->Start(options.rescan_interval);
  started.Update(proxy->StartAcceptor(*std::move(listener)));
  if (!started.ok()) return started;
  return proxy;
}

Listing GuestProxy::Look(const GuestOptions& options) {
  Listing listing = ListGuestSide(options.directory, options.channels);
  LeaveOutOwnSockets({options.listen_address, options.http_address}, listing);
  return listing;
}

GuestProxy::GuestProxy(const GuestOptions& options)
    : options_(options),
      address_(options.listen_address),
      watch_(Role::kGuest, options, log_),
      queue_(static_cast<size_t>(options.max_queue), options.queue_timeout),
      role_(options_, queue_, log_, watch_.metrics()) {
  channels_ = std::make_unique<ChannelKeeper>(
      options_.directory,
      ChannelKeeper::Duties{.list = [this] { return Look(options_); },
                            .then =
                                [this](const Listing&) {
                                  Tend();
                                  watch_.Looked();
                                }},
      role_, cut_);
  watch_.Watch(accepting_);
}

absl::Status GuestProxy::StartAcceptor(UniqueFd listener) {
  Acceptor::Handlers handlers;
  handlers.on_client = [this](UniqueFd fd, std::string from) {
    OnClient(std::move(fd), std::move(from));
  };
  handlers.on_tick = [this] {
    accepting_.Beat();
    ExpireQueue();
  };
  handlers.next_tick = [this] { return queue_.next_expiry(); };
  handlers.on_error = [this](const absl::Status& status) {
    if (absl::IsInternal(status)) FatalExit(status.message());
    if (!accept_failure_.ShouldTell(status.message())) return;
    if (status.ok()) {
      VIOS_LOG(kNotice) << "accepting clients again";
    } else {
      VIOS_LOG(kError) << "cannot accept clients: " << status.message()
                       << "; will be tried again";
    }
  };
  auto acceptor = Acceptor::Start(std::move(listener), std::move(handlers));
  if (!acceptor.ok()) return acceptor.status();
  acceptor_ = *std::move(acceptor);
  return absl::OkStatus();
}

void GuestProxy::OnClient(UniqueFd fd, std::string from) {
  Client client = {.fd = std::move(fd), .from = std::move(from)};
  client.alive = std::make_shared<ActiveCount::Hold>(active_);
  if (queue_.Offer(client) != ClientQueue::Push::kFull) return;
  CountLost(client, Termination::kQueueFull);
  TellLost(client, Termination::kQueueFull,
           absl::StrCat(options_.max_queue, " clients wait already"));
}

void GuestProxy::ExpireQueue() {
  for (const auto& [client, hung_up] : queue_.Expire(Clock::now())) {
    const Termination why =
        hung_up ? Termination::kClientLeft : Termination::kQueueTimeout;
    CountLost(client, why);
    const absl::Duration waited =
        absl::FromChrono(Clock::now() - client.accepted);
    TellLost(client, why,
             absl::StrCat(hung_up ? "it left after " : "none was free for ",
                          absl::FormatDuration(waited)));
  }
}

void GuestProxy::Tend() {
  ExpireQueue();
  log_.Tick();
  TellUntold();
  role_.TellUntold();
}

GuestProxy::~GuestProxy() {
  Cut();
  if (acceptor_) acceptor_->Stop();
  channels_.reset();  // A worker may put its client back.
  for (const Client& client : queue_.TakeAll()) {
    CountLost(client, Termination::kDraining);
    TellLost(client, Termination::kDraining, "the daemon stops");
  }
  ExpireQueue();
  TellUntold(/*last=*/true);
}

void GuestProxy::TellLost(const Client& client, Termination why,
                          absl::string_view what) {
  if (!lost_lines_.MayWrite()) return;
  VIOS_LOG(kNotice).With(Lost(client, why))
      << "client " << client.from << " got no channel: " << what;
}

void GuestProxy::TellUntold(bool last) {
  const uint64_t untold = lost_lines_.TakeLeftOut(last);
  if (untold == 0) return;
  VIOS_LOG(kNotice) << untold << " more clients got no channel";
}

void GuestProxy::CountLost(const Client& client, Termination why) {
  watch_.metrics().CountEnd(why);
  watch_.metrics().queue_wait.Observe(
      absl::FromChrono(Clock::now() - client.accepted));
}

DaemonStatus GuestProxy::Status() const {
  DaemonStatus status = watch_.Status();
  status.service = address_.ToString();
  status.draining = draining_;
  status.queue = {queue_.size(), static_cast<size_t>(options_.max_queue)};
  return status;
}

void GuestProxy::Drain() {
  draining_ = true;
  accepting_.Retire();
  acceptor_->Stop();
  socket_guard_.reset();  // Its path is free for another daemon's from now on.
}

}  // namespace vios
