// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_to_tcp.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "channel/fd_io.h"

namespace vios {

ChannelToTcp::ChannelToTcp(RelayState& state, Wakeup& wakeup)
    : state_(state),
      session_(state.session()),
      wakeup_(wakeup),
      inbound_(state.channel(), state.session()) {}

// What follows the last frame of a session belongs to the next one.
bool ChannelToTcp::Over() const {
  return session_.ended() ||
         (session_.fin_received() && session_.fin_ack_received());
}

void ChannelToTcp::Run() {
  HandleBuffered();
  while (!Over()) {
    ReadChannel();
    HandleBuffered();
  }
  if (session_.ended()) DrainChannel();
}

void ChannelToTcp::HandleBuffered() {
  Frame frame;
  while (!Over()) {
    const FrameReader::Next next = state_.channel().reader().Read(&frame);
    if (next == FrameReader::Next::kIncomplete) break;
    if (next == FrameReader::Next::kFrame) {
      Handle(frame);
    } else {
      state_.End(inbound_.OutOfStep());
    }
  }
  Deliver();
  WakeWriter();
}

void ChannelToTcp::WakeWriter() {
  if (std::exchange(writer_has_work_, false)) state_.WakeWriter();
}

void ChannelToTcp::Handle(const Frame& frame) {
  Inbound::Event event = inbound_.On(frame);
  switch (event.what) {
    case Inbound::What::kNothing:
      return;
    case Inbound::What::kData:
      Collect(event.data);
      return;
    case Inbound::What::kFin:
      OnFin();
      return;
    case Inbound::What::kFinAck:
      session_.SetFinAckReceived();
      writer_has_work_ = true;
      return;
    case Inbound::What::kEnd:
      if (event.end.closes_cleanly()) Deliver();
      state_.End(std::move(event.end));
      return;
  }
}

void ChannelToTcp::OnFin() {
  // The last bytes and the end of file go in one segment.
  Deliver(MSG_MORE);
  if (session_.ended()) return;
  state_.BeginEof();
  if (::shutdown(state_.tcp(), SHUT_WR) != 0) {
    state_.EndByTcp("shutdown", errno);
    return;
  }
  state_.EofPassedOn();
  session_.SetFinReceived();
  writer_has_work_ = true;
}

void ChannelToTcp::Collect(absl::Span<const uint8_t> data) {
  if (piece_count_ == kMaxPieces) Deliver();
  pieces_[piece_count_++] = {const_cast<uint8_t*>(data.data()), data.size()};
}

void ChannelToTcp::Deliver(int flags) {
  bool said_ready = false;
  while (first_piece_ < piece_count_ && !session_.ended()) {
    if (WriteSome(flags)) {
      said_ready = false;
      continue;
    }
    WakeWriter();  // This may take long.
    said_ready = AwaitTcp(starved_ || said_ready);
  }
  first_piece_ = piece_count_ = 0;
}

// Without memory a leg that is ready says nothing, and only time helps. Whether
// it said so.
bool ChannelToTcp::AwaitTcp(bool starved) {
  pollfd tcp = {starved ? -1 : state_.tcp(), POLLOUT, 0};
  const Deadline again =
      starved ? Deadline::After(FrameWriter::kStarvedWait) : Deadline::Never();
  const absl::Status waited = WaitAny(absl::MakeSpan(&tcp, 1), again, wakeup_);
  if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) {
    state_.EndByChannel(waited);
  }
  return tcp.revents != 0;
}

// One write; false when TCP takes nothing now.
bool ChannelToTcp::WriteSome(int flags) {
  msghdr message = {};
  message.msg_iov = &pieces_[first_piece_];
  message.msg_iovlen = piece_count_ - first_piece_;
  const ssize_t n = ::sendmsg(state_.tcp(), &message, MSG_NOSIGNAL | flags);
  if (n < 0) {
    starved_ = errno == ENOBUFS || errno == ENOMEM;
    if (starved_ || IsTransient(errno)) return false;
    state_.EndByTcp("write", errno);
    return true;
  }
  auto written = static_cast<size_t>(n);
  state_.to_tcp.Add(written);
  session_.Touch();
  while (written > 0) {
    iovec& piece = pieces_[first_piece_];
    const size_t taken = std::min(written, piece.iov_len);
    piece.iov_base = static_cast<uint8_t*>(piece.iov_base) + taken;
    piece.iov_len -= taken;
    written -= taken;
    if (piece.iov_len == 0) ++first_piece_;
  }
  return true;
}

void ChannelToTcp::ReadChannel() {
  Channel& channel = state_.channel();
  FrameReader& reader = channel.reader();
  const absl::Status waited =
      likely_more_ && !wakeup_.cancelled() ? absl::OkStatus() : AwaitChannel();
  const bool retry = absl::IsDeadlineExceeded(waited);
  if (!waited.ok() && !retry) return state_.EndByChannel(waited);
  if (session_.ended()) return;
  const SessionId& id = session_.id();
  // A lost ring may have taken the rest of a large frame, which would swallow
  // small ones for hours, those that would show the hole among them.
  if (retry && reader.DropTornBeforeFrameOf(id.guest, id.host)) {
    return state_.End(inbound_.OutOfStep());
  }
  const auto read = reader.Fill(channel.fd(), reader.SessionRead(likely_more_));
  if (!read.ok()) return state_.EndByChannel(read.status());
  likely_more_ = read->has_value() && FrameReader::LikelyMore(**read);
  if (!read->has_value()) return;
  if (**read == 0) {
    return state_.EndByChannel(absl::UnavailableError("far end left"));
  }
  if (retry) channel.counters().read.recoveries.Add();
  silent_for_ = absl::ZeroDuration();
}

absl::Status ChannelToTcp::AwaitChannel() {
  Channel& channel = state_.channel();
  pollfd wanted = {channel.fd(), POLLIN, 0};
  const Deadline retry = Deadline::RoughlyAfter(channel.retry().in_session);
  const absl::Duration patience = state_.limits().peer_timeout;
  if (patience == absl::ZeroDuration()) {
    return WaitAny(absl::MakeSpan(&wanted, 1), retry, wakeup_);
  }
  // The time that we spend elsewhere, with a slow TCP side, is not the peer's.
  const Clock::time_point begun = Clock::now();
  absl::Status waited =
      WaitAny(absl::MakeSpan(&wanted, 1),
              Earlier(retry, Deadline::After(patience - silent_for_)), wakeup_);
  silent_for_ += absl::FromChrono(Clock::now() - begun);
  if (wanted.revents == 0 && silent_for_ >= patience) {
    state_.End(ResetBecause(ResetReason::kTimedOut, "the peer is silent"));
  }
  return waited;
}

// The bytes behind a SYN belong to the next session.
void ChannelToTcp::DrainChannel() {
  Channel& channel = state_.channel();
  do {
    while (!channel.pending_syn().has_value()) {
      const auto frame = channel.reader().Hunt(AnyFrame);
      if (!frame.has_value()) break;
      inbound_.AfterEnd(*frame);
    }
  } while (!channel.pending_syn().has_value() && !state_.writer_done() &&
           DropSome());
}

bool ChannelToTcp::DropSome() {
  Channel& channel = state_.channel();
  pollfd wanted = {channel.fd(), POLLIN, 0};
  const absl::Status waited =
      WaitAny(absl::MakeSpan(&wanted, 1),
              Deadline::After(channel.retry().in_session), wakeup_);
  if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) return false;
  if (state_.writer_done()) return true;
  const auto read = channel.reader().Fill(channel.fd(), FrameReader::kIdleRead);
  return read.ok() && !(read->has_value() && **read == 0);
}

}  // namespace vios
