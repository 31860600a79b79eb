// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_dial.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

using DialResult = std::variant<UniqueFd, SessionEnd>;

// How often a full backlog is looked at again, and a first answer for a name.
constexpr absl::Duration kBacklogInterval = absl::Milliseconds(20);
constexpr absl::Duration kLookInterval = absl::Milliseconds(20);

// One attempt at a service, on behalf of one SYN.
struct Attempt {
  Channel& channel;
  const SynRequest& syn;
  Wakeup& wakeup;

  std::optional<SessionEnd> Watch(pollfd* dial, Deadline deadline) {
    return WatchGuest(channel, syn, dial, deadline, wakeup);
  }
};

bool TimedOut(const SessionEnd& end) {
  return end.kind == SessionEnd::Kind::kReset &&
         end.reason == ResetReason::kTimedOut;
}

// Whether another address may still do.
bool IsOfService(const SessionEnd& end) {
  return end.kind == SessionEnd::Kind::kReset &&
         end.reason != ResetReason::kShuttingDown;
}

SessionEnd EndOfDial(const absl::Status& status, const SocketAddress& address) {
  const std::string detail =
      absl::StrCat("service ", address.ToString(), ": ", status.message());
  if (absl::IsResourceExhausted(status)) {
    return ResetBecause(ResetReason::kNoResources, detail);
  }
  if (absl::IsDeadlineExceeded(status)) {
    return ResetBecause(ResetReason::kTimedOut, detail);
  }
  return ResetBecause(ResetReason::kServiceRefused, detail);
}

// Nothing when it may dial.
std::optional<SessionEnd> AwaitTurn(Attempt& attempt, Pacer& dials,
                                    Deadline deadline) {
  while (const auto again = dials.TryTake()) {
    if (deadline.passed()) {
      return ResetBecause(ResetReason::kTimedOut, "too many dials");
    }
    auto end = attempt.Watch(nullptr, Earlier(deadline, Deadline::At(*again)));
    if (end.has_value() && !TimedOut(*end)) return end;
  }
  return std::nullopt;
}

// Clients that waited for the host daemon to start are not to be refused only
// because its first look for the service takes a moment. Nothing when that is
// over, or the deadline passed.
std::optional<SessionEnd> AwaitFirstLook(Attempt& attempt,
                                         const ServiceResolver& resolver,
                                         Deadline deadline) {
  while (resolver.waits_for_first() && !deadline.passed()) {
    auto end = attempt.Watch(nullptr,
                             Earlier(deadline, Deadline::After(kLookInterval)));
    if (end.has_value() && !TimedOut(*end)) return end;
  }
  return std::nullopt;
}

SessionEnd EndOfLook(const absl::Status& status, Deadline deadline) {
  return ResetBecause(
      deadline.passed() ? ResetReason::kTimedOut : ResetReason::kServiceRefused,
      std::string(status.message()));
}

// TCP tries again by itself where a service has no place for one more just now;
// a unix socket says so at once.
std::variant<Dial, SessionEnd> Begin(Attempt& attempt,
                                     const SocketAddress& address, Pacer& dials,
                                     Deadline deadline) {
  while (true) {
    auto dial = StartDial(address);
    if (dial.ok()) return *std::move(dial);
    if (!absl::IsAborted(dial.status())) {
      return EndOfDial(dial.status(), address);
    }
    auto end = attempt.Watch(
        nullptr, Earlier(deadline, Deadline::After(kBacklogInterval)));
    if (end.has_value() && !TimedOut(*end)) return *end;
    end = AwaitTurn(attempt, dials, deadline);
    if (end.has_value() && !TimedOut(*end)) return *end;
    if (end.has_value() || deadline.passed()) {
      return EndOfDial(absl::DeadlineExceededError(dial.status().message()),
                       address);
    }
  }
}

DialResult DialOne(Attempt& attempt, const SocketAddress& address, Pacer& dials,
                   Deadline deadline) {
  auto begun = Begin(attempt, address, dials, deadline);
  if (auto* end = std::get_if<SessionEnd>(&begun)) return std::move(*end);
  auto* const dial = &std::get<Dial>(begun);
  while (!dial->connected) {
    pollfd writable = {dial->fd.get(), POLLOUT, 0};
    auto end = attempt.Watch(&writable, deadline);
    if (end.has_value() && TimedOut(*end)) {
      return EndOfDial(absl::DeadlineExceededError("does not answer"), address);
    }
    if (end.has_value()) return *end;
    if (writable.revents == 0) continue;
    const absl::Status status = FinishDial(dial->fd.get());
    if (!status.ok()) return EndOfDial(status, address);
    dial->connected = true;
  }
  return std::move(dial->fd);
}

}  // namespace

DialResult DialService(Channel& channel, const SynRequest& syn,
                       ServiceResolver& resolver, Pacer& dials,
                       Deadline deadline, Wakeup& wakeup) {
  Attempt attempt = {channel, syn, wakeup};
  if (auto end = AwaitFirstLook(attempt, resolver, deadline)) return *end;
  if (auto end = AwaitTurn(attempt, dials, deadline)) return *end;
  const auto addresses = resolver.Current();
  if (!addresses.ok()) return EndOfLook(addresses.status(), deadline);
  DialResult result;
  size_t left = addresses->size();
  for (const SocketAddress& address : *addresses) {
    if (left < addresses->size()) {
      auto end = AwaitTurn(attempt, dials, deadline);
      if (end.has_value() && TimedOut(*end)) break;
      if (end.has_value()) return *std::move(end);
    }
    const absl::Duration share =
        deadline.remaining() / static_cast<int64_t>(left--);
    result = DialOne(attempt, address, dials, Deadline::After(share));
    const auto* end = std::get_if<SessionEnd>(&result);
    if (end == nullptr || !IsOfService(*end)) return result;
  }
  resolver.RequestRefresh();
  return result;
}

}  // namespace vios
