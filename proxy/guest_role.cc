// SPDX-License-Identifier: Apache-2.0
#include "proxy/guest_role.h"

#include <utility>
#include <variant>

#include "channel/fd_io.h"
#include "channel/handshake.h"
#include "channel/non_blocking.h"
#include "channel/probe.h"
#include "proxy/channel_fields.h"
#include "proxy/client_claim.h"
#include "proxy/log.h"
#include "proxy/place_in_line.h"
#include "proxy/relay.h"
#include "proxy/session_line.h"
#include "proxy/session_metrics.h"
#include "proxy/thread.h"

namespace vios {
namespace {

// A wait in the queue that an operator should know of.
constexpr absl::Duration kLongWait = absl::Seconds(1);

void LogHost(WorkerContext& context, const char* what) {
  if (!context.news.Take()) return;
  VIOS_LOG(kInfo).With(ChannelFields(context.endpoint))
      << "channel " << context.endpoint.name << ": host " << what;
}

// What a session that has ended leaves of its channel: OK when it can go on.
absl::Status AfterSession(Channel& channel, const SessionEnd& end,
                          Wakeup& wakeup) {
  if (wakeup.cancelled()) return absl::CancelledError("stopped");
  if (end.kind == SessionEnd::Kind::kChannelLost) {
    return end.reason == ResetReason::kNone
               ? absl::UnavailableError(end.detail)
               : absl::ResourceExhaustedError(end.detail);
  }
  if (channel.writer().pending()) {
    return absl::DeadlineExceededError("the host takes nothing");
  }
  return absl::OkStatus();
}

}  // namespace

GuestRole::GuestRole(const GuestOptions& options, ClientQueue& queue,
                     SessionLog& log, Metrics& metrics)
    : options_(options), queue_(queue), log_(log), metrics_(metrics) {}

// A port of ours may be opened at any time.
Deadline GuestRole::ReserveOpening(const Endpoint&) {
  return Deadline::Passed();
}

absl::Status GuestRole::Serve(UniqueFd fd, WorkerContext& context) {
  // With one processor we would else take it from the client at each of its
  // writes, however small, and send each by itself.
  SetWokenThread(WokenThread::kPatient);
  const absl::Status checked =
      MakeNonBlocking(fd.get(), kHostChannelWording, context.endpoint.path);
  if (!checked.ok()) {
    VIOS_LOG(kError).With(ChannelFields(context.endpoint)) << checked.message();
    return checked;
  }
  Channel channel(std::move(fd), Role::kGuest, options_.protocol_options, {},
                  &context.stats.counters());
  context.LogFrames(channel);
  while (true) {
    absl::Status status = WaitForHost(channel, context);
    if (status.ok()) status = Greet(channel, context);
    if (status.ok()) status = ServeClients(channel, context);
    // A device outlives its host; a socket does not.
    if (!absl::IsUnavailable(status) ||
        context.endpoint.kind == EndpointKind::kSocket) {
      return status;
    }
    LogHost(context, "left");
    channel.Restart();
    context.stats.Failed("host left");
    context.stats.Enter(ChannelState::kDown);
  }
}

absl::Status GuestRole::WaitForHost(Channel& channel, WorkerContext& context) {
  if (context.endpoint.kind == EndpointKind::kSocket) return absl::OkStatus();
  auto watch = EdgeWatch::Create(channel.fd());
  if (!watch.ok()) return watch.status();
  while (true) {
    const short ready = ReadyNow(channel.fd(), POLLIN | POLLOUT);
    if ((ready & POLLHUP) == 0) break;
    // A hang-up that cannot even be read is an unplugged port.
    if ((ready & POLLIN) == 0) return absl::NotFoundError("port unplugged");
    const absl::Status status =
        watch->Wait(Deadline::After(channel.retry().idle), context.wakeup);
    if (!status.ok() && !absl::IsDeadlineExceeded(status)) return status;
  }
  LogHost(context, "attached");
  return absl::OkStatus();
}

absl::Status GuestRole::Greet(Channel& channel, WorkerContext& context) {
  context.stats.Connected();
  context.stats.Enter(ChannelState::kResync);
  channel.writer().AddPreamble();
  absl::Status status;
  if (channel.options_enabled()) status = QueuePing(channel);
  if (!status.ok()) return status;
  // Nobody needs an answer before this is written: not to read is harmless.
  return channel.writer().FlushAll(channel.fd(), channel.retry().idle,
                                   Deadline::Never(), context.wakeup);
}

absl::Status GuestRole::ServeClients(Channel& channel, WorkerContext& context) {
  Deadline penalised = Deadline::Passed();
  while (true) {
    context.stats.Enter(ChannelState::kFree);
    auto client = AwaitClient(channel, penalised, context.wakeup);
    if (!client.ok()) return client.status();
    const auto end = ServeClient(channel, *std::move(client), context);
    if (!end.ok()) return end.status();
    if (end->leaves_channel_free()) continue;
    // A host that does not answer may be inside a frame that never was one.
    if (end->reason == ResetReason::kTimedOut) {
      channel.writer().AddPreamble();
    }
    if (!channel.peer_has_options()) {
      penalised = Deadline::After(options_.reconnect_interval);
      continue;
    }
    context.stats.Enter(ChannelState::kResync);
    const absl::Status answered =
        Probe(channel, options_.reconnect_interval, context.wakeup);
    if (!answered.ok()) return answered;
  }
}

absl::StatusOr<Client> GuestRole::AwaitClient(Channel& channel,
                                              Deadline penalised,
                                              Wakeup& wakeup) {
  bool waits = !penalised.passed();
  PlaceInLine place(queue_, wakeup, waits ? 1 : 0);
  while (true) {
    if (waits && penalised.passed()) {
      waits = false;
      place.SetRank(0);
    }
    if (auto client = place.Take(); client.has_value()) {
      return *std::move(client);
    }
    const Deadline change = waits ? penalised : Deadline::Never();
    const auto frame =
        channel.Await(AnyFrame, nullptr, channel.retry().idle, change, wakeup);
    if (absl::IsDeadlineExceeded(frame.status())) continue;
    if (!frame.ok()) return frame.status();
    if (frame->has_value()) channel.AnswerStray(**frame);
  }
}

absl::StatusOr<PumpThread*> GuestRole::PumpFor(Client& client,
                                               WorkerContext& context) {
  const auto pump = context.pump();
  // By its kind: the message names a thread, another one for each channel.
  const bool changed = pump_failure_.ShouldTell(
      pump.ok() ? "" : absl::StatusCodeToString(pump.status().code()));
  if (pump.ok()) return pump;
  if (changed) {
    VIOS_LOG(kError) << "cannot serve a client now: " << pump.status().message()
                     << "; will be tried again";
  }
  queue_.PutBack(std::move(client));
  return pump;
}

absl::StatusOr<SessionEnd> GuestRole::ServeClient(Channel& channel,
                                                  Client client,
                                                  WorkerContext& context) {
  const auto pump = PumpFor(client, context);
  if (!pump.ok()) return pump.status();
  SessionLine line = {.channel = context.endpoint.name, .client = client.from};
  line.queued = absl::FromChrono(line.begun - client.accepted);
  context.stats.BeginSession(client.from);
  const Token token = RandomToken();
  line.Asked(token);
  const auto opened = OpenSession(
      channel, token, ClientClaim(client.fd.get()), client.fd.get(),
      Deadline::AfterUnlessZero(options_.connect_timeout), context.wakeup);
  if (const auto* id = std::get_if<SessionId>(&opened)) {
    line.result =
        Relay(channel, *id, client.fd.get(), LimitsOf(options_), context.wakeup,
              **pump, [&] { NoteOpened(line, *id, context); });
    line.result.end = context.Explain(line.result.end);
  } else {
    line.result.end = context.Explain(std::get<SessionEnd>(opened));
    // Nothing of the client has been lost: another channel may have it.
    if (line.result.end.kind == SessionEnd::Kind::kChannelLost) {
      queue_.PutBack(std::move(client));
      return AfterSession(channel, line.result.end, context.wakeup);
    }
    NoteWait(line);
  }
  CountSession(line, Role::kGuest, metrics_, context.stats);
  log_.Write(line.guest, [&line] { return line.Fields(); },
             {line.result.up_bytes, line.result.down_bytes});
  absl::Status left = AfterSession(channel, line.result.end, context.wakeup);
  if (!left.ok()) return left;
  return line.result.end;
}

void GuestRole::NoteWait(const SessionLine& line) {
  metrics_.queue_wait.Observe(line.queued);
  if (line.queued <= kLongWait || !wait_lines_.MayWrite()) return;
  VIOS_LOG(kNotice).With("client", line.client)
      << "client " << line.client << " waited "
      << absl::FormatDuration(line.queued) << " for a free channel";
}

void GuestRole::TellUntold(bool last) {
  const uint64_t untold = wait_lines_.TakeLeftOut(last);
  if (untold == 0) return;
  VIOS_LOG(kNotice) << untold << " more clients waited for a free channel";
}

void GuestRole::NoteOpened(SessionLine& line, const SessionId& id,
                           WorkerContext& context) {
  if (id.block_malformed) context.NoteMalformedBlock();
  line.Agreed(id);
  NoteWait(line);
  metrics_.handshake.Observe(line.connect);
  context.stats.Agreed(line.tokens, id.peer_agent);
}

}  // namespace vios
