// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_role.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "channel/fd_io.h"
#include "channel/probe.h"
#include "proxy/channel_fields.h"
#include "proxy/log.h"
#include "proxy/relay.h"
#include "proxy/service_dial.h"
#include "proxy/service_header.h"
#include "proxy/session_metrics.h"
#include "proxy/silent_guest.h"

namespace vios {
namespace {

// Wake-ups of a socket do not get lost, as those of a virtio port do: a
// thousand channels at rest need not all be looked at every few seconds.
constexpr RetryIntervals kSocketRetry = {.idle = absl::Minutes(1)};

// QEMU drops what it has not read when its host leaves.
constexpr absl::Duration kLeave = absl::Seconds(1);

// What the guest says of its client; it could say anything.
std::string ClaimedClient(const SynRequest& syn) {
  if (!syn.block.has_value()) return "";
  return ClientClaimToString(syn.block->client);
}

absl::Status SilenceStatus() { return absl::AbortedError(kSilentGuest); }
bool IsSilence(const absl::Status& status) { return absl::IsAborted(status); }

}  // namespace

HostRole::HostRole(const HostOptions& options, ServiceResolver& resolver,
                   GuestLimits& limits, SessionLog& log, Cancel& drain,
                   ActiveCount& active, Metrics& metrics)
    : options_(options),
      resolver_(resolver),
      limits_(limits),
      log_(log),
      drain_(drain),
      active_(active),
      metrics_(metrics),
      not_before_(Clock::now() +
                  absl::ToChronoNanoseconds(options.silence.away)) {}

Deadline HostRole::ReserveOpening(const Endpoint& endpoint) {
  return Deadline::At(
      limits_.Of(endpoint.guest)
          ->connects.ReserveAt(std::max(Clock::now(), not_before_)));
}

absl::Status HostRole::Serve(UniqueFd fd, WorkerContext& context) {
  if (!context.silence.has_value()) context.silence.emplace(options_.silence);
  context.silence->Connected(Clock::now());
  absl::Status ended;
  {
    Channel channel(std::move(fd), Role::kHost, options_.protocol_options,
                    kSocketRetry, &context.stats.counters());
    context.LogFrames(channel);
    context.stats.Connected();
    ended = ServeSessions(channel, context);
    // A guest that takes its time, or is paused, does not keep us for long.
    if (absl::IsCancelled(ended)) {
      context.stats.Enter(ChannelState::kDown);
      (void)AwaitTaken(channel.fd(), Deadline::After(kLeave));
    }
  }
  const Deadline back = Deadline::After(options_.silence.away);
  while (IsSilence(ended) && !drain_.fired() &&
         WaitForRing(back, context.wakeup).ok()) {
  }
  return ended;
}

absl::Status HostRole::ServeSessions(Channel& channel, WorkerContext& context) {
  while (true) {
    // A guest that sees its host leave looks for another channel.
    if (drain_.fired()) return absl::CancelledError("draining");
    context.stats.Enter(ChannelState::kFree);
    const auto syn = AwaitSyn(channel, context.silence->next(), context.wakeup);
    absl::Status served = syn.status();
    if (absl::IsDeadlineExceeded(served)) {
      served = Doubt(channel, context);
    } else if (syn.ok() && syn->has_value()) {
      // Counted before it is asked: a drain waits for what it did not stop.
      const ActiveCount::Hold active(active_);
      if (drain_.fired()) continue;
      served = ServeSession(channel, **syn, context);
      channel.NoteFrame();
    }
    if (!served.ok()) return served;
  }
}

absl::Status HostRole::Doubt(Channel& channel, WorkerContext& context) {
  const Silence::Signs signs = {channel.heard(), channel.last_frame(),
                                channel.peer_has_options()};
  switch (context.silence->Check(Clock::now(), signs)) {
    case Silence::Act::kWait:
      return absl::OkStatus();
    case Silence::Act::kAsk:
      return QueuePing(channel);
    case Silence::Act::kQueueUp:
      context.silence->TurnAt(
          limits_.Of(context.endpoint.guest)->reconnects.Reserve());
      return absl::OkStatus();
    case Silence::Act::kReconnect:
      break;
  }
  return SilenceStatus();
}

absl::Status HostRole::ServeSession(Channel& channel, const SynRequest& syn,
                                    WorkerContext& context) {
  if (syn.block_malformed) context.NoteMalformedBlock();
  SessionLine line = {.guest = context.endpoint.guest,
                      .channel = context.endpoint.name,
                      .client = ClaimedClient(syn)};
  line.Asked(syn.guest);
  context.stats.BeginSession(line.client);
  line.result.end = context.Explain(RunSession(channel, syn, context, line));
  CountSession(line, Role::kHost, metrics_, context.stats);
  log_.Write(line.guest, [&line] { return line.Fields(); },
             {line.result.up_bytes, line.result.down_bytes});
  if (context.wakeup.cancelled()) return absl::CancelledError("stopped");
  if (line.result.end.kind == SessionEnd::Kind::kChannelLost) {
    return absl::UnavailableError(line.result.end.detail);
  }
  // A refusal that the guest has not taken yet goes with the next flush; a
  // frame that the relay could not finish does not.
  if (line.result.ran && channel.writer().pending()) {
    return absl::DeadlineExceededError("the guest takes nothing");
  }
  return absl::OkStatus();
}

SessionEnd HostRole::RunSession(Channel& channel, const SynRequest& syn,
                                WorkerContext& context, SessionLine& line) {
  const auto pump = context.pump();
  if (!pump.ok()) {
    const auto end = ResetBecause(ResetReason::kNoResources,
                                  std::string(pump.status().message()));
    LogService(&end);
    return TellPeer(channel, syn.guest, kUnknownToken, end);
  }
  auto dialled = Dial(channel, syn, context, line);
  if (const auto* failure = std::get_if<SessionEnd>(&dialled)) {
    return TellPeer(channel, syn.guest, kUnknownToken, *failure);
  }
  const UniqueFd service = std::get<UniqueFd>(std::move(dialled));
  const Clock::time_point granted = Clock::now();
  const auto accepted = AcceptSession(
      channel, syn, Deadline::AfterUnlessZero(options_.connect_timeout),
      context.wakeup);
  if (const auto* end = std::get_if<SessionEnd>(&accepted)) return *end;
  const auto& id = std::get<SessionId>(accepted);
  line.Agreed(id);
  metrics_.handshake.Observe(absl::FromChrono(Clock::now() - granted));
  context.stats.Agreed(line.tokens, id.peer_agent);
  if (auto end = Introduce(service.get(), id, line, context.wakeup)) {
    return TellPeer(channel, id.guest, id.host, *std::move(end));
  }
  line.result = Relay(channel, id, service.get(), LimitsOf(options_),
                      context.wakeup, **pump);
  return line.result.end;
}

std::variant<UniqueFd, SessionEnd> HostRole::Dial(Channel& channel,
                                                  const SynRequest& syn,
                                                  WorkerContext& context,
                                                  SessionLine& line) {
  const std::shared_ptr<GuestPacers> limits = limits_.Of(line.guest);
  auto dialled = DialService(
      channel, syn, resolver_, limits->dials,
      Deadline::AfterUnlessZero(options_.connect_timeout), context.wakeup);
  const auto* failure = std::get_if<SessionEnd>(&dialled);
  if (failure == nullptr) {
    line.connect = absl::FromChrono(Clock::now() - line.begun);
    metrics_.connect.Observe(line.connect);
  }
  // A guest that has changed its mind says nothing of the service.
  if (failure == nullptr || failure->kind == SessionEnd::Kind::kReset) {
    LogService(failure);
  }
  return dialled;
}

std::optional<SessionEnd> HostRole::Introduce(int service, const SessionId& id,
                                              const SessionLine& line,
                                              Wakeup& wakeup) {
  if (options_.proxy_protocol == ProxyProtocol::kOff) return std::nullopt;
  const ProxyIdentity identity = {
      .guest = line.guest,
      .channel = line.channel,
      .tokens = absl::StrCat(ToString(id.guest), "/", ToString(id.host)),
      .claim = line.client};
  return SendProxyHeader(service, options_.proxy_protocol, identity,
                         Deadline::AfterUnlessZero(options_.connect_timeout),
                         wakeup);
}

void HostRole::LogService(const SessionEnd* failure) {
  const std::string text = failure == nullptr ? "" : Describe(*failure);
  const bool stopping =
      failure != nullptr && failure->reason == ResetReason::kShuttingDown;
  if (stopping || !service_failure_.ShouldTell(text)) return;
  if (failure == nullptr) {
    VIOS_LOG(kNotice) << "sessions are served again";
  } else if (failure->reason == ResetReason::kNoResources) {
    VIOS_LOG(kError) << "cannot serve a session: " << text;
  } else {
    VIOS_LOG(kWarn) << "cannot serve a session: " << text;
  }
}

}  // namespace vios
