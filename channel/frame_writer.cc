// SPDX-License-Identifier: Apache-2.0
#include "channel/frame_writer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "glog/logging.h"

namespace vios {
namespace {

// Half a page: what fills the buffer and what empties it copy from and to the
// start of pages, and the payload is a header further on.
constexpr size_t kBehind = 2048;

const std::array<uint8_t, kMaxWriteSize>& PreamblePiece() {
  static const auto* const piece = [] {
    auto* bytes = new std::array<uint8_t, kMaxWriteSize>;
    bytes->fill(kPreambleByte);
    return bytes;
  }();
  return *piece;
}

bool SaysFarEndLeft(int error) { return error == EPIPE || error == ECONNRESET; }

}  // namespace

FrameWriter::FrameWriter(WriteCounters* counters)
    : buffer_(kMaxWriteSize, kBehind),
      counters_(counters != nullptr ? *counters : own_counters_) {}

absl::Span<uint8_t> FrameWriter::Room() {
  const size_t start = end_ + kHeaderSize;
  if (start >= kMaxWriteSize) return {};
  return {buffer_.get() + start, kMaxWriteSize - start};
}

void FrameWriter::Commit(const FrameHeader& header) {
  CHECK_LE(end_ + kHeaderSize + header.length, kMaxWriteSize);
  EncodeHeader(header, buffer_.get() + end_);
  end_ += kHeaderSize + header.length;
  if (trace_ != nullptr) (*trace_)(FrameWay::kSent, header);
}

bool FrameWriter::Append(const FrameHeader& header, absl::string_view payload) {
  CHECK_LE(payload.size(), kMaxAppend);
  // Room() alone cannot tell: an empty payload needs place for its header.
  if (kMaxWriteSize - end_ < kHeaderSize + payload.size()) return false;
  std::copy(payload.begin(), payload.end(), Room().begin());
  FrameHeader sized = header;
  sized.length = static_cast<uint16_t>(payload.size());
  Commit(sized);
  return true;
}

void FrameWriter::AddPreamble() {
  CHECK_EQ(begin_, 0u) << "a preamble inside a frame";
  preamble_left_ = kPreambleSize;
}

void FrameWriter::Clear() { begin_ = end_ = preamble_left_ = 0; }

absl::Status FrameWriter::WriteOnce(int fd, bool* progress) {
  const bool preamble = preamble_left_ > 0;
  const uint8_t* from =
      preamble ? PreamblePiece().data() : buffer_.get() + begin_;
  const size_t size =
      preamble ? std::min(preamble_left_, kMaxWriteSize) : end_ - begin_;
  const ssize_t n = ::write(fd, from, size);
  // A port that takes 0 bytes could not put them into its ring, and does not
  // say why; it may go on calling itself writable.
  *progress = n > 0;
  starved_ = n == 0 || (n < 0 && (errno == ENOMEM || errno == ENOBUFS));
  if (n < 0 && SaysFarEndLeft(errno)) {
    return absl::UnavailableError("write channel: far end left");
  }
  if (n < 0 && !starved_ && !IsTransient(errno))
    return ErrnoStatus("write", "channel");
  if (n <= 0) return absl::OkStatus();
  if (preamble) {
    preamble_left_ -= static_cast<size_t>(n);
  } else {
    begin_ += static_cast<size_t>(n);
  }
  if (begin_ == end_) begin_ = end_ = 0;
  return absl::OkStatus();
}

absl::Status FrameWriter::TryFlush(int fd) {
  bool progress = true;
  while (pending() && progress) {
    absl::Status status = WriteOnce(fd, &progress);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FrameWriter::Flush(int fd, absl::Duration retry, Deadline deadline,
                                Wakeup& wakeup) {
  const uint64_t rings = wakeup.rings();
  while (true) {
    if (wakeup.cancelled()) return absl::CancelledError("stopped");
    absl::Status status = TryFlush(fd);
    if (!status.ok() || !pending() || wakeup.rings() != rings) return status;
    if (deadline.passed()) return absl::DeadlineExceededError("write channel");
    pollfd wanted = {starved_ ? -1 : fd, POLLOUT, 0};
    const Deadline again = starved_ ? Deadline::After(kStarvedWait)
                                    : Deadline::RoughlyAfter(retry);
    status =
        WaitAny(absl::MakeSpan(&wanted, 1), Earlier(deadline, again), wakeup);
    if (!status.ok() && !absl::IsDeadlineExceeded(status)) return status;
    // Room that no wake-up told of.
    if (!status.ok() && !starved_ && ReadyNow(fd, POLLOUT) == POLLOUT) {
      counters_.recoveries.Add();
    }
    // A hang-up alone stays: waiting on would spin.
    if (wanted.revents != 0 && (wanted.revents & POLLOUT) == 0) {
      return absl::UnavailableError("write channel: far end left");
    }
  }
}

absl::Status FrameWriter::FlushAll(int fd, absl::Duration retry,
                                   Deadline deadline, Wakeup& wakeup) {
  absl::Status status;
  while (status.ok() && pending()) status = Flush(fd, retry, deadline, wakeup);
  return status;
}

}  // namespace vios
