// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp_to_channel.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "channel/fd_io.h"
#include "proxy/tcp.h"

namespace vios {

TcpToChannel::TcpToChannel(RelayState& state, Wakeup& wakeup)
    : state_(state),
      session_(state.session()),
      wakeup_(wakeup),
      outbound_(state.channel(), state.session()),
      clocks_(state.session(), state.limits()) {}

void TcpToChannel::Start() {
  ReadTcp();
  Channel& channel = state_.channel();
  const absl::Status flushed = channel.writer().TryFlush(channel.fd());
  if (!flushed.ok()) state_.EndByChannel(flushed);
  if (!channel.writer().pending()) NoteFlushed();
}

void TcpToChannel::Run() {
  // What Start() left: behind it there may be no room for another frame.
  if (state_.channel().writer().pending()) Flush();
  while (!Over()) {
    QueueFinAck();
    ReadTcp();
    // One that became due meanwhile goes with our FIN, in one write.
    if (tcp_at_end_) QueueFinAck();
    if (state_.channel().writer().pending()) {
      Flush();
    } else if (!Over()) {
      WaitForWork();
    }
    CheckClocks();
  }
  Finish();
  state_.SetWriterDone();
}

bool TcpToChannel::Over() const {
  return session_.ended() || session_.complete();
}

void TcpToChannel::QueueFinAck() {
  if (!session_.fin_received() || fin_ack_begun_) return;
  fin_ack_begun_ = fin_ack_queued_ = true;
  if (absl::Status queued = outbound_.FinAck(); !queued.ok()) {
    state_.EndByChannel(queued);
  }
}

void TcpToChannel::ReadTcp() {
  if (!tcp_may_have_more_ || tcp_at_end_ || session_.ended()) return;
  const auto room = outbound_.Room();
  if (room.empty()) return;  // To read nothing looks like an end of file.
  const ssize_t n = ::recv(state_.tcp(), room.data(), room.size(), 0);
  // What the end of the session does to the socket is no end of file.
  if (session_.ended()) return;
  // A read that fills the room is likely to have left something.
  tcp_may_have_more_ = n == static_cast<ssize_t>(room.size());
  if (n > 0) {
    outbound_.CommitData(static_cast<size_t>(n));
    data_queued_ = true;
    state_.from_tcp.Add(static_cast<uint64_t>(n));
    session_.Touch();
  } else if (n == 0 && HidesAReset()) {
    state_.EndByTcp("read", ECONNRESET);
  } else if (n == 0) {
    OnEndOfFile();
  } else if (!IsTransient(errno)) {
    state_.EndByTcp("read", errno);
  }
}

// Behind our own end of file a closed socket is nothing special, and nothing is
// written any more that could take an error off it. That one may begin while we
// look, so it is asked about again; the first time only saves the look.
bool TcpToChannel::HidesAReset() const {
  return !state_.eof_begun() && WasResetUntold(state_.tcp()) &&
         !state_.eof_begun();
}

// A base session can tell an end of file only by its own end.
void TcpToChannel::OnEndOfFile() {
  tcp_at_end_ = true;
  if (!session_.id().options) {
    state_.End({SessionEnd::Kind::kBaseClosed, ResetReason::kNone, ""});
    return;
  }
  fin_queued_ = true;
  session_.SetFinQueued();
  if (absl::Status queued = outbound_.Fin(); !queued.ok()) {
    state_.EndByChannel(queued);
  }
}

void TcpToChannel::Flush() {
  Channel& channel = state_.channel();
  while (channel.writer().pending() && !Over()) {
    const absl::Status flushed = channel.writer().Flush(
        channel.fd(), channel.retry().in_session, NextEvent().when, wakeup_);
    if (!flushed.ok() && !absl::IsDeadlineExceeded(flushed)) {
      state_.EndByChannel(flushed);
    }
    // Of what is sent only: a PING would be due until this one has gone.
    if (channel.writer().pending()) CheckClocks();
  }
  NoteFlushed();
}

void TcpToChannel::NoteFlushed() {
  if (session_.ended()) return;
  clocks_.Sent();
  if (std::exchange(data_queued_, false)) session_.Touch();
  if (std::exchange(fin_queued_, false)) state_.FinWritten();
  if (std::exchange(fin_ack_queued_, false)) session_.SetFinAckWritten();
}

void TcpToChannel::WaitForWork() {
  pollfd tcp = {tcp_gone_ ? -1 : state_.tcp(),
                static_cast<short>(tcp_at_end_ ? 0 : POLLIN), 0};
  const absl::Status waited =
      WaitAny(absl::MakeSpan(&tcp, 1), NextEvent().when, wakeup_);
  if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) {
    state_.EndByChannel(waited);
  }
  if (tcp.revents != 0) OnTcpEvents(tcp.revents);
}

void TcpToChannel::OnTcpEvents(short events) {
  if (!tcp_at_end_) {
    tcp_may_have_more_ = true;  // An error, too, is read off.
    return;
  }
  // Behind the end of file only a reset is left to be heard of; a hang-up
  // without one says that both directions have ended.
  const int error = (events & POLLERR) != 0 ? TakeSocketError(state_.tcp()) : 0;
  if (error != 0 && !session_.fin_received()) state_.EndByTcp("peer", error);
  tcp_gone_ = true;
}

SessionClocks::Event TcpToChannel::NextEvent() {
  return clocks_.Next(
      {.data = data_queued_, .frame = state_.channel().writer().pending()});
}

void TcpToChannel::CheckClocks() {
  if (Over()) return;
  switch (NextEvent().what) {
    case SessionClocks::Due::kNothing:
      break;
    case SessionClocks::Due::kIdleTimeout:
      state_.End(ResetBecause(ResetReason::kIdleTimeout, ""));
      break;
    case SessionClocks::Due::kHalfCloseTimeout:
      state_.End(ResetBecause(ResetReason::kHalfCloseTimeout, ""));
      break;
    case SessionClocks::Due::kPing:
      if (absl::Status queued = outbound_.Ping(); !queued.ok()) {
        state_.EndByChannel(queued);
      }
  }
}

void TcpToChannel::Finish() {
  const SessionEnd end = session_.end();
  if (end.kind == SessionEnd::Kind::kChannelLost) return;
  const RelayLimits& limits = state_.limits();
  // A base session ends so in good order, too: what it said last has as much
  // time as it would have had before a FIN.
  const Deadline deadline = end.kind == SessionEnd::Kind::kBaseClosed
                                ? Deadline::AfterUnlessZero(limits.idle_timeout)
                                : Deadline::After(limits.finish_timeout);
  Channel& channel = state_.channel();
  const auto flush = [&] {
    return channel.writer().FlushAll(channel.fd(), channel.retry().in_session,
                                     deadline, wakeup_);
  };
  absl::Status finished = flush();
  if (!end.tells_peer() || !(finished.ok() || absl::IsCancelled(finished))) {
    return;
  }
  (void)outbound_.Reset(end);
  if (finished.ok()) finished = flush();
  // Shutting down: what the channel takes at once, and no more.
  (void)channel.writer().TryFlush(channel.fd());
}

}  // namespace vios
