// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/session_model.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/raw_frame.h"

namespace vios::fuzz {

using Kind = SessionEnd::Kind;

SessionModel::SessionModel(Role role, bool options_enabled)
    : role_(role), options_enabled_(options_enabled) {
  if (role_ == Role::kHost) return;
  sessions_.emplace_back();
  state_ = State::kHandshake;
}

size_t SessionModel::Feed(absl::string_view bytes) {
  const size_t before = stream_.size();
  absl::StrAppend(&stream_, bytes);
  ended_at_.reset();
  while (Step()) {
    if (role_ == Role::kHost || !ended_at_.has_value()) continue;
    const size_t end = *ended_at_;
    ended_at_.reset();
    if (end <= before) continue;  // By what was there already.
    stream_.resize(end);
    return end - before;
  }
  return bytes.size();
}

bool SessionModel::Step() {
  const Sight sight = LookAt(absl::string_view(stream_).substr(at_));
  if (sight.fit == Fit::kPart) return false;
  const bool hunts = state_ != State::kEstablished;
  if (sight.fit == Fit::kNone && !hunts) {
    const size_t seen_at = at_ + sight.decided_by;
    const bool preamble =
        absl::StartsWith(absl::string_view(stream_).substr(at_), "VV");
    End(preamble ? Kind::kPeerReopened : Kind::kReset,
        now().options ? ResetReason::kStreamDamaged
                      : ResetReason::kProtocolError);
    ended_at_ = seen_at;
    return true;
  }
  if (sight.fit == Fit::kNone || (hunts && !Wanted(sight.frame))) {
    ++at_;
    return true;
  }
  if (sight.fit == Fit::kHeader) return false;
  at_ += sight.frame.size();
  NoteOptions(sight.frame);
  if (hunts) {
    OnHunted(sight.frame);
  } else if (IsOwn(sight.frame)) {
    OnOwn(sight.frame);
  } else {
    OnForeign(sight.frame);
  }
  return true;
}

void SessionModel::NoteOptions(const WireFrame& frame) {
  const bool may_carry_block = frame.type == 'A' || frame.type == 'C';
  if (absl::string_view("EFIJ").find(frame.type) != absl::string_view::npos ||
      (may_carry_block && ParseBlock(frame.payload).version > 0)) {
    options_shown_ = true;
  }
}

// In SYN_SENT a guest looks into the payload of everything else.
bool SessionModel::Wanted(const WireFrame& frame) const {
  if (role_ == Role::kHost || state_ == State::kIdle) return true;
  const bool own =
      !sessions_.back().ours.empty() && frame.guest == sessions_.back().ours;
  switch (frame.type) {
    case 'C':
      return own && IsName(frame.host);
    case 'H':
      return own || (frame.out_of_session() && frame.length == 0);
    case 'I':
    case 'J':
      return frame.out_of_session() && frame.length == 8;
    default:
      return false;
  }
}

void SessionModel::OnHunted(const WireFrame& frame) {
  if (state_ == State::kIdle) {
    if (!TakeSyn(frame)) Stray(frame);
  } else if (role_ == Role::kGuest) {
    OnAnswer(frame);
  } else {
    OnRequest(frame);
  }
}

void SessionModel::OnAnswer(const WireFrame& frame) {
  if (frame.type == 'C') {
    now().peer = std::string(frame.host);
    Establish(ParseBlock(frame.payload).version > 0);
  } else if (frame.type == 'H' && frame.out_of_session()) {
    End(Kind::kPeerReset, ResetReason::kServiceRefused);
  } else if (frame.type == 'H') {
    OnReset(frame);
  } else {
    (void)TakePing(frame);
  }
}

void SessionModel::OnRequest(const WireFrame& frame) {
  if (TakeSyn(frame)) return;
  if (TakePing(frame)) {
    End(Kind::kPeerForgot, ResetReason::kUnknownSession);
  } else if (frame.type == 'H' && frame.guest == now().peer &&
             (frame.host == "????" || IsOwn(frame))) {
    OnReset(frame);
  } else if (IsOwn(frame) && frame.type == 'B') {
    Establish(now().options_offered);
  } else if (IsOwn(frame)) {
    End(Kind::kReset, ResetReason::kProtocolError);
  }
}

void SessionModel::OnOwn(const WireFrame& frame) {
  const bool optional = frame.type == 'E' || frame.type == 'F' ||
                        (frame.type == 'I' && now().options);
  if (frame.type == 'H') {
    OnReset(frame);
  } else if (now().options && (frame.type == 'D' || optional)) {
    OnNumbered(frame);
  } else if (frame.type == 'D') {
    absl::StrAppend(&now().delivered, frame.payload);
  } else if (frame.type == 'A' || frame.type == 'B' || frame.type == 'C') {
    End(Kind::kReset, ResetReason::kProtocolError);
  }
}

void SessionModel::OnNumbered(const WireFrame& frame) {
  ModelSession& session = now();
  const size_t least = frame.type == 'D' ? 5 : 4;
  if (frame.length < least || frame.payload.substr(frame.length - 4) !=
                                  RawNumber(session.peer, session.numbered)) {
    const bool preamble =
        frame.length >= least && absl::EndsWith(frame.payload, "VVVV");
    return End(preamble ? Kind::kPeerReopened : Kind::kReset,
               ResetReason::kStreamDamaged);
  }
  ++session.numbered;
  if ((frame.type == 'D' || frame.type == 'E') && session.fin_received) {
    return End(Kind::kReset, ResetReason::kProtocolError);
  }
  if (frame.type == 'F' &&
      (!session.closed_by_app || session.fin_ack_received)) {
    return End(Kind::kReset, ResetReason::kProtocolError);
  }
  if (frame.type == 'D') {
    absl::StrAppend(&session.delivered,
                    frame.payload.substr(0, frame.length - 4));
  }
  if (frame.type == 'E') session.fin_received = true;
  if (frame.type == 'F') session.fin_ack_received = true;
  EndIfComplete();
}

void SessionModel::EndIfComplete() {
  if (now().fin_received && now().fin_ack_received) {
    End(Kind::kClean, ResetReason::kNone);
  }
}

void SessionModel::OnForeign(const WireFrame& frame) {
  if (TakeSyn(frame)) return;
  if (TakePing(frame)) {
    End(Kind::kPeerForgot, ResetReason::kUnknownSession);
  }
}

void SessionModel::OnReset(const WireFrame& frame) {
  const int reason = ReasonOf(frame.payload);
  const bool ordinary = now().established && !now().options && reason == 0;
  End(ordinary ? Kind::kBasePeer : Kind::kPeerReset,
      static_cast<ResetReason>(reason));
}

bool SessionModel::TakeSyn(const WireFrame& frame) {
  if (role_ != Role::kHost || frame.type != 'A' || frame.host != "????" ||
      !IsName(frame.guest)) {
    return false;
  }
  if (state_ != State::kIdle) End(Kind::kPeerForgot, ResetReason::kSuperseded);
  ModelSession next;
  next.peer = std::string(frame.guest);
  next.options_offered =
      options_enabled_ && ParseBlock(frame.payload).version > 0;
  sessions_.push_back(next);
  state_ = State::kHandshake;
  return true;
}

bool SessionModel::TakePing(const WireFrame& frame) {
  if (frame.type != 'I' || !frame.out_of_session() || frame.length != 8 ||
      !options_enabled_) {
    return false;
  }
  last_ping_ = std::string(frame.payload);
  pings_.insert(last_ping_);
  ++ping_count_;
  return true;
}

void SessionModel::Stray(const WireFrame& frame) {
  if (TakePing(frame) || frame.out_of_session()) return;
  if (absl::string_view("AHJ").find(frame.type) == absl::string_view::npos) {
    strays_.insert(absl::StrCat(frame.guest, frame.host));
  }
}

std::optional<std::string> SessionModel::pong_due() const {
  if (ping_count_ == 0 || state_ == State::kEstablished) return std::nullopt;
  return last_ping_;
}

absl::string_view SessionModel::OursIn(const WireFrame& frame) const {
  return role_ == Role::kGuest ? frame.guest : frame.host;
}

absl::string_view SessionModel::PeerIn(const WireFrame& frame) const {
  return role_ == Role::kGuest ? frame.host : frame.guest;
}

bool SessionModel::IsOwn(const WireFrame& frame) const {
  const ModelSession& session = sessions_.back();
  return OursIn(frame) == session.ours && PeerIn(frame) == session.peer;
}

void SessionModel::LearnToken(size_t session, absl::string_view token) {
  sessions_[session].ours = std::string(token);
}

void SessionModel::Establish(bool options) {
  now().established = true;
  now().options = options && options_enabled_;
  state_ = State::kEstablished;
}

void SessionModel::AppCloses() {
  now().closed_by_app = true;
  if (!now().options) End(Kind::kBaseClosed, ResetReason::kNone);
  (void)Feed("");  // An incomplete frame may hold something for the next.
}

void SessionModel::AppResets() {
  // Behind both ends of file nobody hears of it.
  if (now().closed_by_app && now().fin_received) return;
  End(Kind::kReset, ResetReason::kConnectionReset);
  (void)Feed("");
}

void SessionModel::ChannelEnds() {
  if (state_ == State::kIdle) return;
  now().end = SessionEnd{Kind::kChannelLost};
  state_ = State::kIdle;
}

void SessionModel::End(Kind kind, ResetReason reason) {
  now().end = SessionEnd{kind, reason};
  state_ = State::kIdle;
  ended_at_ = at_;
  if (role_ == Role::kHost || sessions_.size() == kMaxSessions) return;
  sessions_.emplace_back();
  state_ = State::kHandshake;
}

}  // namespace vios::fuzz
