// SPDX-License-Identifier: Apache-2.0
#include "proxy/acceptor.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "absl/memory/memory.h"
#include "absl/types/span.h"
#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"
#include "proxy/thread.h"

namespace vios {
namespace {

// How long to let others give back what ran out.
constexpr absl::Duration kBackOff = absl::Milliseconds(100);
// A tick for each of many clients would be one too many.
constexpr absl::Duration kTickGap = absl::Milliseconds(100);

// Whether accept's errno is about one connection, which is then used up, or
// about none: accept(2) lists these as to be tried again.
bool ConcernsOneClient(int error) {
  switch (error) {
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case ENOPROTOOPT:
      return true;
    default:
      return IsTransient(error);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(UniqueFd listener,
                                                          Handlers handlers) {
  auto acceptor =
      absl::WrapUnique(new Acceptor(std::move(listener), std::move(handlers)));
  absl::StatusOr<std::unique_ptr<Wakeup>> wakeup =
      Wakeup::Create(acceptor->stop_);
  if (!wakeup.ok()) return wakeup.status();
  acceptor->wakeup_ = *std::move(wakeup);
  absl::StatusOr<std::thread> thread =
      StartThread("accept", [raw = acceptor.get()] { raw->Run(); });
  if (!thread.ok()) return thread.status();
  acceptor->thread_ = *std::move(thread);
  return acceptor;
}

void Acceptor::Stop() {
  stop_.Fire();
  if (thread_.joinable()) thread_.join();
  listener_.Reset();
}

void Acceptor::Run() {
  // A client that shares its processor with us says its first words before we
  // take it, and is not stopped in the middle of its connect().
  SetWokenThread(WokenThread::kPatient);
  Deadline tick = Deadline::After(handlers_.tick_interval);
  Deadline soonest = Deadline::Passed();
  while (true) {
    const Deadline next = Earlier(tick, NextTick(soonest));
    const absl::Status waited = AwaitClient(next);
    if (absl::IsCancelled(waited)) return;
    if (absl::IsInternal(waited)) return Report(waited);
    if (!next.passed()) continue;
    if (handlers_.on_tick) handlers_.on_tick();
    tick = Deadline::After(handlers_.tick_interval);
    soonest = Deadline::After(kTickGap);
  }
}

Deadline Acceptor::NextTick(Deadline soonest) const {
  if (!handlers_.next_tick) return Deadline::Never();
  const Deadline wanted = handlers_.next_tick();
  return wanted.when() < soonest.when() ? soonest : wanted;
}

// One wait, and a client if it brings one.
absl::Status Acceptor::AwaitClient(Deadline deadline) {
  pollfd listening = {listener_.get(), POLLIN, 0};
  const absl::Status waited =
      WaitAny(absl::MakeSpan(&listening, 1), deadline, *wakeup_);
  if (!waited.ok() || listening.revents == 0) return waited;
  const absl::Status accepted = AcceptOne();
  Report(accepted);
  if (accepted.ok()) return waited;
  // The listener stays readable: waiting for it again would spin.
  return WaitForRing(Deadline::After(kBackOff), *wakeup_);
}

absl::Status Acceptor::AcceptOne() {
  sockaddr_storage peer = {};
  socklen_t size = sizeof peer;
  UniqueFd client(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer),
                            &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (client.ok()) {
    // Others inherit from the listener.
    if (peer.ss_family == AF_UNIX) (void)PrepareLeg(client.get());
    const SocketAddress from(reinterpret_cast<const sockaddr*>(&peer), size);
    handlers_.on_client(std::move(client),
                        from.is_unix() ? "unix" : from.ToString());
    return absl::OkStatus();
  }
  if (ConcernsOneClient(errno)) return absl::OkStatus();
  return ErrnoStatus("accept", "clients");
}

void Acceptor::Report(const absl::Status& status) {
  if (status.ok() && reported_.ok()) return;
  reported_ = status;
  if (handlers_.on_error) handlers_.on_error(status);
}

}  // namespace vios
