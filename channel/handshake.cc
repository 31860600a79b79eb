// SPDX-License-Identifier: Apache-2.0
#include "channel/handshake.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "channel/new_syn.h"
#include "channel/reset_reason.h"
#include "channel/version.h"

namespace vios {
namespace {

// Why a wait for the channel failed, as the end of a session in the making.
SessionEnd EndOfWait(const absl::Status& status) {
  if (absl::IsCancelled(status)) {
    return ResetBecause(ResetReason::kShuttingDown, "");
  }
  if (absl::IsDeadlineExceeded(status)) {
    return ResetBecause(ResetReason::kTimedOut, "no answer from the peer");
  }
  // A far end that floods the channel is there, and no good: see channel.h.
  return {SessionEnd::Kind::kChannelLost,
          absl::IsResourceExhausted(status) ? ResetReason::kProtocolError
                                            : ResetReason::kNone,
          std::string(status.message())};
}

// The guest's eyes in SYN_SENT: everything else may be stale payload.
bool AnswersSyn(const FrameHeader& header, Token guest) {
  switch (header.type) {
    case FrameType::kSynAck:
      return header.guest == guest && NamesASession(header.host);
    case FrameType::kReset:
      return header.guest == guest ||
             (header.IsOutOfSession() && header.length == 0);
    default:
      return AnyProbe(header);
  }
}

SessionId Agreed(const Channel& channel, Token guest, Token host,
                 const std::optional<OptionBlock>& block) {
  const bool options =
      channel.options_enabled() && block.has_value() && block->version > 0;
  return {guest, host, options, block.has_value() ? block->agent : ""};
}

// What an answer to the SYN means; nothing while there is none.
std::optional<HandshakeResult> OnAnswer(Channel& channel, const Frame& frame,
                                        Token guest) {
  const FrameHeader& header = frame.header;
  if (header.type == FrameType::kSynAck) {
    (void)channel.Queue({FrameType::kAck, guest, header.host}, "");
    const auto block = DecodeOptionBlock(frame.payload);
    SessionId id = Agreed(channel, guest, header.host, block);
    id.block_malformed = !frame.payload.empty() && !block.has_value();
    return id;
  }
  if (header.type == FrameType::kReset && header.guest == guest) {
    return PeerReset(frame.payload);
  }
  if (header.type == FrameType::kReset) {  // How 0.2 refuses.
    (void)TellPeer(channel, guest, kUnknownToken,
                   ResetBecause(ResetReason::kServiceRefused, ""));
    return SessionEnd{SessionEnd::Kind::kPeerReset,
                      ResetReason::kServiceRefused, ""};
  }
  channel.AnswerStray(frame);
  return std::nullopt;
}

// Whether a frame ends what the host does for `syn` before the session stands.
std::optional<SessionEnd> Interrupts(Channel& channel, const SynRequest& syn,
                                     Token host, const Frame& frame) {
  const FrameHeader& header = frame.header;
  if (auto end = BeganAnew(channel, frame); end.has_value()) return end;
  if (header.type == FrameType::kReset && header.guest == syn.guest &&
      (header.host == host || header.host == kUnknownToken)) {
    return PeerReset(frame.payload);
  }
  return std::nullopt;
}

std::optional<HandshakeResult> OnAckOrElse(Channel& channel,
                                           const SynRequest& syn, Token host,
                                           const Frame& frame) {
  const FrameHeader& header = frame.header;
  if (auto end = Interrupts(channel, syn, host, frame); end.has_value()) {
    return *end;
  }
  if (header.guest != syn.guest || header.host != host) {
    channel.CountStale();
    return std::nullopt;
  }
  if (header.type == FrameType::kAck) {
    return Agreed(channel, syn.guest, host, syn.block);
  }
  return ResetBecause(
      ResetReason::kProtocolError,
      absl::StrCat(FrameTypeName(header.type), " in place of an ACK"));
}

}  // namespace

std::string OurOptionBlock(absl::string_view client_claim) {
  return EncodeOptionBlock({.version = kOptionVersion,
                            .agent = absl::StrCat("vios-proxy ", kVersion),
                            .client = std::string(client_claim)});
}

HandshakeResult OpenSession(Channel& channel, Token guest,
                            absl::string_view client_claim, int client,
                            Deadline deadline, Wakeup& wakeup) {
  const auto wanted = [guest](const FrameHeader& header) {
    return AnswersSyn(header, guest);
  };
  channel.answers().ForgetUnknownSession();
  absl::Status sent = channel.Queue(
      {FrameType::kSyn, guest, kUnknownToken},
      channel.options_enabled() ? OurOptionBlock(client_claim) : "");
  if (!sent.ok()) return EndOfWait(sent);
  pollfd hung_up = {client, 0, 0};
  while (true) {
    const auto frame = channel.Await(
        wanted, &hung_up, channel.retry().in_session, deadline, wakeup);
    if (!frame.ok()) {
      return TellPeer(channel, guest, kUnknownToken, EndOfWait(frame.status()));
    }
    if (hung_up.revents != 0 && !HungUp(client)) {
      hung_up.fd = -1;  // Gone, but what it left is still to be sent.
    } else if (hung_up.revents != 0) {
      return TellPeer(channel, guest, kUnknownToken,
                      ResetBecause(ResetReason::kGivenUpByClient, ""));
    }
    if (!frame->has_value()) continue;
    if (auto answer = OnAnswer(channel, **frame, guest)) return *answer;
  }
}

absl::StatusOr<std::optional<SynRequest>> AwaitSyn(Channel& channel,
                                                   Deadline deadline,
                                                   Wakeup& wakeup) {
  while (!channel.pending_syn().has_value()) {
    const auto frame = channel.Await(AnyFrame, nullptr, channel.retry().idle,
                                     deadline, wakeup);
    if (!frame.ok()) return frame.status();
    if (!frame->has_value()) return std::nullopt;
    if (!TakeSyn(channel, **frame)) channel.AnswerStray(**frame);
  }
  return channel.TakePendingSyn();
}

std::optional<SessionEnd> WatchGuest(Channel& channel, const SynRequest& syn,
                                     pollfd* dial, Deadline deadline,
                                     Wakeup& wakeup) {
  while (true) {
    const auto frame = channel.Await(AnyFrame, dial, channel.retry().in_session,
                                     deadline, wakeup);
    if (!frame.ok()) return EndOfWait(frame.status());
    if (!frame->has_value()) return std::nullopt;
    auto end = Interrupts(channel, syn, kUnknownToken, **frame);
    if (end.has_value()) return end;
    channel.CountStale();
  }
}

HandshakeResult AcceptSession(Channel& channel, const SynRequest& syn,
                              Deadline deadline, Wakeup& wakeup) {
  const Token host = RandomToken();
  const bool options = Agreed(channel, syn.guest, host, syn.block).options;
  absl::Status sent = channel.Queue({FrameType::kSynAck, syn.guest, host},
                                    options ? OurOptionBlock("") : "");
  if (!sent.ok()) return EndOfWait(sent);
  while (true) {
    const auto frame = channel.Await(
        AnyFrame, nullptr, channel.retry().in_session, deadline, wakeup);
    if (!frame.ok()) {
      return TellPeer(channel, syn.guest, host, EndOfWait(frame.status()));
    }
    if (!frame->has_value()) continue;
    if (auto result = OnAckOrElse(channel, syn, host, **frame)) {
      if (const auto* end = std::get_if<SessionEnd>(&*result)) {
        return TellPeer(channel, syn.guest, host, *end);
      }
      return *result;
    }
  }
}

SessionEnd TellPeer(Channel& channel, Token guest, Token host, SessionEnd end) {
  if (end.kind == SessionEnd::Kind::kReset) {
    (void)channel.Queue({FrameType::kReset, guest, host},
                        EncodeReset(end.reason, ""));
    (void)channel.writer().TryFlush(channel.fd());
  }
  return end;
}

}  // namespace vios
