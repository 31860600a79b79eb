// SPDX-License-Identifier: Apache-2.0
#include "proxy/tcp_to_channel.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "channel/fd_io.h"
#include "proxy/tcp.h"

namespace vios {
namespace {

constexpr absl::Duration kTurnOfBothPumps = absl::Milliseconds(100);

// `start` is a rough time: what it is behind is not taken from `duration`.
Deadline After(Clock::time_point start, absl::Duration duration) {
  if (duration == absl::ZeroDuration()) return Deadline::Never();
  return Deadline::At(start + kRoughLag + absl::ToChronoNanoseconds(duration));
}

}  // namespace

TcpToChannel::TcpToChannel(RelayState& state, Wakeup& wakeup)
    : state_(state),
      session_(state.session()),
      wakeup_(wakeup),
      outbound_(state.channel(), state.session()) {}

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
        channel.fd(), channel.retry().in_session, NextClock(), wakeup_);
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
  last_sent_ = RoughNow();
  if (std::exchange(data_queued_, false)) session_.Touch();
  if (std::exchange(fin_queued_, false)) state_.FinWritten();
  if (std::exchange(fin_ack_queued_, false)) session_.SetFinAckWritten();
}

void TcpToChannel::WaitForWork() {
  pollfd tcp = {tcp_gone_ ? -1 : state_.tcp(),
                static_cast<short>(tcp_at_end_ ? 0 : POLLIN), 0};
  const absl::Status waited =
      WaitAny(absl::MakeSpan(&tcp, 1), NextClock(), wakeup_);
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

// Bytes that the channel does not take are no sign of a forgotten connection,
// but of a peer that is paused or slow: one that is forgotten over there runs
// into the same time-out there.
bool TcpToChannel::HalfCloseClockRuns() const {
  return session_.half_closed() && !data_queued_;
}

// After a standstill, of a container that was frozen say, the bytes that
// restart the clock may be there and not have been read yet.
Deadline TcpToChannel::QuietEnd(absl::Duration limit) {
  const Clock::time_point since = session_.touched();
  const Deadline end = After(since, limit);
  if (!end.passed()) return end;
  if (doubted_ != since) {
    doubted_ = since;
    doubt_ends_ = Deadline::After(kTurnOfBothPumps);
  }
  return doubt_ends_;
}

void TcpToChannel::CheckClocks() {
  if (Over()) return;
  const RelayLimits& limits = state_.limits();
  if (QuietEnd(limits.idle_timeout).passed()) {
    state_.End(ResetBecause(ResetReason::kIdleTimeout, ""));
  } else if (HalfCloseClockRuns() &&
             QuietEnd(limits.half_close_timeout).passed()) {
    state_.End(ResetBecause(ResetReason::kHalfCloseTimeout, ""));
  } else if (session_.id().options && !state_.channel().writer().pending() &&
             After(last_sent_, limits.ping_interval).passed()) {
    if (absl::Status queued = outbound_.Ping(); !queued.ok()) {
      state_.EndByChannel(queued);
    }
  }
}

Deadline TcpToChannel::NextClock() {
  const RelayLimits& limits = state_.limits();
  Deadline next = QuietEnd(limits.idle_timeout);
  if (HalfCloseClockRuns()) {
    next = Earlier(next, QuietEnd(limits.half_close_timeout));
  }
  if (session_.id().options && !state_.channel().writer().pending()) {
    next = Earlier(next, After(last_sent_, limits.ping_interval));
  }
  return next;
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
  absl::Status finished = FlushAll(deadline);
  if (!end.tells_peer() || !(finished.ok() || absl::IsCancelled(finished))) {
    return;
  }
  (void)outbound_.Reset(end);
  if (finished.ok()) finished = FlushAll(deadline);
  // Shutting down: what the channel takes at once, and no more.
  (void)state_.channel().writer().TryFlush(state_.channel().fd());
}

absl::Status TcpToChannel::FlushAll(Deadline deadline) {
  Channel& channel = state_.channel();
  absl::Status status;
  while (status.ok() && channel.writer().pending()) {
    status = channel.writer().Flush(channel.fd(), channel.retry().in_session,
                                    deadline, wakeup_);
  }
  return status;
}

}  // namespace vios
