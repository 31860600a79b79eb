// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FRAME_READER_H_
#define VIOS_PROXY_CHANNEL_FRAME_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "channel/channel_counters.h"
#include "channel/frame.h"
#include "channel/frame_trace.h"
#include "channel/page_buffer.h"

namespace vios {

// Cuts the byte stream of one channel into frames. Its buffer is of a fixed
// size and its pages are touched only as far as bytes have come, so an idle
// channel costs little. Not thread-safe: one reading thread at a time. A frame
// that it returns stays valid until the next Fill() or Clear().
class FrameReader {
 public:
  // Has each frame that it returns told to `trace`, which outlives it.
  void Trace(const FrameTrace* trace) { trace_ = trace; }

  // How much one Fill() asks for. Out of session a page, so that a preamble
  // does not touch the whole buffer. In a session some of a port, since every
  // page that is asked of it costs a little even when nothing is there, and
  // many of them when more is likely: TCP behind it is the faster the more it
  // gets at once. Of a socket always many: with 200 streams at once that gave
  // 2 to 8% more than some in the first read (tools/bench --scale).
  static constexpr size_t kIdleRead = 4096;
  static constexpr size_t kSessionRead = 16 * 4096;
  static constexpr size_t kStreamRead = 32 * 4096;
  size_t SessionRead(bool likely_more) const {
    return likely_more || piece_ == kSocketRead ? kStreamRead : kSessionRead;
  }

  // The most that one read of a virtio port gives; a readv gives as much for
  // each of its pieces. A socket is read the faster the fewer they are.
  static constexpr size_t kPortRead = 4096;
  static constexpr size_t kSocketRead = kStreamRead;

  // Counts in `counters`, which outlives it; null: where only skipped() sees.
  // Reads in pieces of `piece` bytes, kPortRead or kSocketRead.
  explicit FrameReader(ReadCounters* counters = nullptr,
                       size_t piece = kPortRead);

  // Reads once, at most `size` bytes, and returns how many came: 0 at the end
  // of a socket, or when nobody has the far end of a device open; nothing when
  // there is nothing to read yet. `fd` must be non-blocking.
  absl::StatusOr<std::optional<size_t>> Fill(int fd, size_t size);

  // Whether a Fill() that gave `size` bytes is likely to have left some. Large
  // frames come in whole pages, whose last one is not full.
  static constexpr bool LikelyMore(size_t size) {
    return size > 0 && size % kIdleRead == 0;
  }

  // Out of session: the next complete frame whose header is valid and
  // `wanted`. Drops, byte by byte, whatever comes before it and counts that in
  // skipped(); the payload of a frame that is not wanted is looked into.
  std::optional<Frame> Hunt(absl::FunctionRef<bool(const FrameHeader&)> wanted);

  // In a session: the frame at the very next byte.
  enum class Next { kFrame, kIncomplete, kOutOfStep };
  Next Read(Frame* frame);

  // Behind kOutOfStep: whether the next bytes look like a preamble.
  bool AtPreamble() const;

  // Whether a header of that session lies inside the frame that is not complete
  // yet. Then its rest was lost, for only the two daemons know the tokens, and
  // it would swallow what comes behind it: it is dropped.
  bool DropTornBeforeFrameOf(Token guest, Token host);

  // Forgets what is buffered: the far end is another one.
  void Clear();
  // Bytes dropped so far that belonged to no frame, preambles included.
  uint64_t skipped() const { return counters_.skipped_bytes.value(); }

 private:
  absl::Span<const uint8_t> buffered() const {
    return {buffer_.get() + begin_, end_ - begin_};
  }
  void Drop(size_t count);
  // Takes the frame at the next byte off if it is complete.
  std::optional<Frame> TakeFrame(const FrameHeader& header);
  void MakeRoom(size_t size);

  // Room for a read behind the longest incomplete frame.
  static constexpr size_t kCapacity = kMaxFrameSize + kStreamRead;
  const size_t piece_;
  const PageBuffer buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool in_step_ = true;  // Nothing was dropped since the last frame.
  ReadCounters own_counters_;
  ReadCounters& counters_;
  const FrameTrace* trace_ = nullptr;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FRAME_READER_H_
