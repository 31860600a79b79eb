// SPDX-License-Identifier: Apache-2.0
#include "testing/our_side.h"

#include <optional>
#include <utility>
#include <variant>

#include "channel/probe.h"
#include "gtest/gtest.h"
#include "proxy/pump_thread.h"
#include "proxy/relay.h"

namespace vios {
namespace {

Deadline Late() { return Deadline::After(absl::Seconds(10)); }

}  // namespace

OurSide::~OurSide() {
  one.cancel.Fire();
  if (running_.valid()) running_.wait();
}

void OurSide::StartHost(bool service_refuses, const RelayLimits& limits) {
  running_ = OneChannel::Beside([this, service_refuses, limits] {
    ended_.set_value(RunHost(service_refuses, limits));
    const auto next = NextSyn();
    if (!next.has_value()) return;
    TellPeer(one.channel, next->guest, kUnknownToken,
             ResetBecause(ResetReason::kShuttingDown, ""));
  });
}

void OurSide::StartGuest() {
  running_ = OneChannel::Beside([this] { ended_.set_value(RunGuest()); });
}

SessionEnd OurSide::End() {
  auto end = ended_.get_future();
  if (end.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
    ADD_FAILURE() << "the session does not end";
    return {};
  }
  return end.get();
}

std::optional<SynRequest> OurSide::NextSyn() {
  while (true) {  // A session may leave a ring behind.
    auto syn = AwaitSyn(one.channel, Deadline::Never(), *one.wakeup);
    if (!syn.ok()) return std::nullopt;
    if (syn->has_value()) return *std::move(syn);
  }
}

SessionEnd OurSide::RunHost(bool service_refuses, const RelayLimits& limits) {
  const auto syn = NextSyn();
  if (!syn.has_value()) return {SessionEnd::Kind::kChannelLost};
  if (service_refuses) {
    return TellPeer(one.channel, syn->guest, kUnknownToken,
                    ResetBecause(ResetReason::kServiceRefused, ""));
  }
  const auto id = AcceptSession(one.channel, *syn, Late(), *one.wakeup);
  if (const auto* end = std::get_if<SessionEnd>(&id)) return *end;
  return RunRelay(std::get<SessionId>(id), limits);
}

SessionEnd OurSide::RunGuest() {
  one.channel.writer().AddPreamble();
  if (one.channel.options_enabled()) (void)QueuePing(one.channel);
  const auto id = OpenSession(one.channel, RandomToken(), "", tcp.ours.get(),
                              Late(), *one.wakeup);
  if (const auto* end = std::get_if<SessionEnd>(&id)) return *end;
  return RunRelay(std::get<SessionId>(id), {});
}

SessionEnd OurSide::RunRelay(const SessionId& id, const RelayLimits& limits) {
  auto down = PumpThread::Start("down", one.cancel);
  if (!down.ok()) return {SessionEnd::Kind::kChannelLost};
  const auto result =
      Relay(one.channel, id, tcp.ours.get(), limits, *one.wakeup, **down);
  tcp.ours.Reset();
  return result.end;
}

}  // namespace vios
