// SPDX-License-Identifier: Apache-2.0
#include "channel/channel.h"

#include <array>
#include <utility>

#include "channel/reset_reason.h"

namespace vios {

Channel::Channel(UniqueFd fd, Role role, bool options_enabled,
                 RetryIntervals retry, ChannelCounters* counters)
    : fd_(std::move(fd)),
      role_(role),
      options_enabled_(options_enabled),
      retry_(retry),
      counters_(counters != nullptr ? *counters : own_counters_),
      reader_(&counters_.read, role == Role::kHost ? FrameReader::kSocketRead
                                                   : FrameReader::kPortRead),
      writer_(&counters_.write) {}

void Channel::Restart() {
  reader_.Clear();
  writer_.Clear();
  answers_.Clear();
  pending_syn_.reset();
  peer_has_options_ = false;
  preamble_sent_ = false;
}

void Channel::Observe(const Frame& frame) {
  if (!options_enabled_) return;
  switch (frame.header.type) {
    case FrameType::kFin:
    case FrameType::kFinAck:
    case FrameType::kPing:
    case FrameType::kPong:
      peer_has_options_ = true;
      break;
    case FrameType::kSyn:
    case FrameType::kSynAck: {
      const auto block = DecodeOptionBlock(frame.payload);
      peer_has_options_ = block.has_value() && block->version > 0;
      break;
    }
    default:
      break;
  }
}

// A guest that was caught inside a frame swallows the preamble with it; one of
// 0.2 would hand it to its client, and never gets one.
bool Channel::preamble_due() const {
  return role_ == Role::kHost && peer_has_options_ && !preamble_sent_;
}

absl::Status Channel::Queue(const FrameHeader& header,
                            absl::string_view payload) {
  if (preamble_due()) {
    // Behind a frame that was begun it comes too late: what is sent now may
    // begin a session, and in the middle of one it would be damage.
    if (!writer_.pending()) writer_.AddPreamble();
    preamble_sent_ = true;
  }
  if (writer_.Append(header, payload)) return absl::OkStatus();
  return absl::UnavailableError("the peer takes nothing");
}

// There is room: nothing else is pending.
void Channel::QueueAnswers() {
  if (!answers_.any()) return;
  const Answers::Due due = answers_.Take();
  if (due.pong.has_value()) {
    (void)Queue({FrameType::kPong, kNoSessionToken, kNoSessionToken},
                *due.pong);
  }
  if (due.unknown.has_value()) {
    (void)Queue(*due.unknown, EncodeReset(ResetReason::kUnknownSession, ""));
  }
}

absl::StatusOr<std::optional<Frame>> Channel::Await(
    absl::FunctionRef<bool(const FrameHeader&)> wanted, pollfd* also,
    absl::Duration retry, Deadline deadline, Wakeup& wakeup) {
  while (true) {
    if (const auto frame = reader_.Hunt(wanted); frame.has_value()) {
      Observe(*frame);
      NoteFrame();
      counters_.read.idle_frames.Add();
      const bool syn = frame->header.type == FrameType::kSyn;
      if (gate_.Admit(*last_frame_, syn ? FloodGate::kSynCost : 1)) {
        return frame;
      }
      return absl::ResourceExhaustedError("the far end floods the channel");
    }
    bool look_again = false;
    absl::Status status = Turn(also, retry, deadline, wakeup, &look_again);
    if (!status.ok()) return status;
    if (look_again) return std::nullopt;
  }
}

absl::Status Channel::Turn(pollfd* also, absl::Duration retry,
                           Deadline deadline, Wakeup& wakeup,
                           bool* look_again) {
  // A peer that never stops talking holds nobody up.
  if (deadline.passed()) return absl::DeadlineExceededError("timed out");
  if (absl::Status sent = SendSome(); !sent.ok()) return sent;
  const bool wants_out = writer_.pending() && !writer_.starved();
  const auto events = static_cast<short>(POLLIN | (wants_out ? POLLOUT : 0));
  const Deadline again = writer_.starved()
                             ? Deadline::After(FrameWriter::kStarvedWait)
                             : Deadline::RoughlyAfter(retry);
  std::array<pollfd, 2> fds = {
      {{fd(), events, 0}, also != nullptr ? *also : pollfd{-1, 0, 0}}};
  const uint64_t rings = wakeup.rings();
  absl::Status waited =
      WaitAny(absl::MakeSpan(fds), Earlier(deadline, again), wakeup);
  const bool due = absl::IsDeadlineExceeded(waited) && !deadline.passed();
  if (!waited.ok() && !due) return waited;
  if (also != nullptr) also->revents = fds[1].revents;
  *look_again = fds[1].revents != 0 || wakeup.rings() != rings;
  const bool readable = (fds[0].revents & ~POLLOUT) != 0;
  if (!readable && !due) return absl::OkStatus();
  return ReadSome(/*told=*/readable);
}

// Owed answers wait until what was sent before has been taken, so that a peer
// that only asks and never reads fills nothing.
absl::Status Channel::SendSome() {
  absl::Status sent = writer_.TryFlush(fd());
  if (!sent.ok() || writer_.pending()) return sent;
  QueueAnswers();
  return writer_.TryFlush(fd());
}

absl::Status Channel::ReadSome(bool told) {
  const auto read = reader_.Fill(fd(), FrameReader::kIdleRead);
  if (!read.ok()) return read.status();
  if (read->has_value() && **read == 0) {
    return absl::UnavailableError("read channel: far end left");
  }
  heard_ = heard_ || read->has_value();
  if (!told && read->has_value()) counters_.read.recoveries.Add();
  return absl::OkStatus();
}

void Channel::AnswerStray(const Frame& frame) {
  const FrameHeader& header = frame.header;
  switch (header.type) {
    case FrameType::kSyn:
    case FrameType::kReset:
    case FrameType::kPong:
      return;
    default:
      break;
  }
  if (!header.IsOutOfSession()) CountStale();
  if (!options_enabled_) return;
  if (header.IsProbe(FrameType::kPing)) {
    answers_.OwePong(std::string(frame.payload.begin(), frame.payload.end()));
  } else if (!header.IsOutOfSession()) {
    const bool owed = answers_.OweUnknownSession(header.guest, header.host);
    if (!owed) counters_.read.dropped_answers.Add();
  }
}

}  // namespace vios
