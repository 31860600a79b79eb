// SPDX-License-Identifier: Apache-2.0
#include "channel/frame_reader.h"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "glog/logging.h"

namespace vios {
namespace {

constexpr size_t kMaxPieces = FrameReader::kStreamRead / FrameReader::kPortRead;

// Whether more bytes could make a valid header of these, fewer than one has.
bool MayBeginHeader(absl::Span<const uint8_t> bytes) {
  std::array<uint8_t, kHeaderSize> completed;
  EncodeHeader({FrameType::kSyn, kUnknownToken, kUnknownToken},
               completed.data());
  std::copy(bytes.begin(), bytes.end(), completed.begin());
  return DecodeHeader(completed).has_value();
}

int CutIntoPieces(uint8_t* start, size_t size, size_t piece,
                  std::array<iovec, kMaxPieces>& pieces) {
  size_t count = 0;
  for (size_t at = 0; at < size; at += piece) {
    pieces[count++] = {start + at, std::min(piece, size - at)};
  }
  return static_cast<int>(count);
}

}  // namespace

FrameReader::FrameReader(ReadCounters* counters, size_t piece)
    : piece_(piece),
      buffer_(kCapacity),
      counters_(counters != nullptr ? *counters : own_counters_) {}

absl::StatusOr<std::optional<size_t>> FrameReader::Fill(int fd, size_t size) {
  CHECK_LE(size, kStreamRead);
  MakeRoom(size);
  std::array<iovec, kMaxPieces> pieces;
  const int count = CutIntoPieces(buffer_.get() + end_, size, piece_, pieces);
  const ssize_t n = ::readv(fd, pieces.data(), count);
  if (n < 0 && IsTransient(errno)) return std::nullopt;
  if (n < 0) return ErrnoStatus("read", "channel");
  end_ += static_cast<size_t>(n);
  return static_cast<size_t>(n);
}

void FrameReader::MakeRoom(size_t size) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (kCapacity - end_ >= size) return;
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
}

std::optional<Frame> FrameReader::Hunt(
    absl::FunctionRef<bool(const FrameHeader&)> wanted) {
  while (buffered().size() >= kHeaderSize) {
    const auto header = DecodeHeader(buffered());
    if (header.has_value() && wanted(*header)) return TakeFrame(*header);
    // The next byte that may begin a header; the last one may always.
    const auto rest = buffered().subspan(1);
    const auto* sync = static_cast<const uint8_t*>(
        ::memmem(rest.data(), rest.size(), "VS", 2));
    Drop(sync != nullptr ? static_cast<size_t>(sync - rest.data()) + 1
                         : rest.size());
  }
  return std::nullopt;
}

FrameReader::Next FrameReader::Read(Frame* frame) {
  if (buffered().size() < kHeaderSize) {
    // What cannot become a header need not be waited for.
    return MayBeginHeader(buffered()) ? Next::kIncomplete : Next::kOutOfStep;
  }
  const auto header = DecodeHeader(buffered());
  if (!header.has_value()) return Next::kOutOfStep;
  const auto taken = TakeFrame(*header);
  if (!taken.has_value()) return Next::kIncomplete;
  *frame = *taken;
  return Next::kFrame;
}

std::optional<Frame> FrameReader::TakeFrame(const FrameHeader& header) {
  const size_t size = kHeaderSize + header.length;
  if (buffered().size() < size) return std::nullopt;
  const Frame frame = {header, buffered().subspan(kHeaderSize, header.length)};
  begin_ += size;
  if (!std::exchange(in_step_, true)) counters_.resyncs.Add();
  if (trace_ != nullptr) (*trace_)(FrameWay::kReceived, header);
  return frame;
}

// Two bytes tell, for Read() needs no more to see that they are no header.
bool FrameReader::AtPreamble() const {
  return buffered().size() >= 2 && buffered()[0] == kPreambleByte &&
         buffered()[1] == kPreambleByte;
}

bool FrameReader::DropTornBeforeFrameOf(Token guest, Token host) {
  for (size_t at = 1; at + kHeaderSize <= buffered().size(); ++at) {
    const auto header = DecodeHeader(buffered().subspan(at));
    if (header.has_value() && header->guest == guest && header->host == host) {
      Drop(at);
      return true;
    }
  }
  return false;
}

void FrameReader::Clear() {
  begin_ = end_ = 0;
  in_step_ = true;
}

void FrameReader::Drop(size_t count) {
  begin_ += count;
  counters_.skipped_bytes.Add(count);
  in_step_ = false;
}

}  // namespace vios
