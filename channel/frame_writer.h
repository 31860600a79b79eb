// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_FRAME_WRITER_H_
#define VIOS_PROXY_CHANNEL_FRAME_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "channel/channel_counters.h"
#include "channel/deadline.h"
#include "channel/frame.h"
#include "channel/frame_trace.h"
#include "channel/page_buffer.h"
#include "channel/wakeup.h"

namespace vios {

// Collects frames in one buffer that a virtio port takes in one write, so that
// what is ready together costs one system call and one wake-up. Frames are
// built in place. What a cut-short write leaves stays pending, so a frame that
// was begun is finished by the next flush: only Clear() tears one.
// Not thread-safe: one writing thread at a time.
class FrameWriter {
 public:
  // Counts in `counters`, which outlives it; null: nowhere.
  explicit FrameWriter(WriteCounters* counters = nullptr);

  // Has each frame that is completed told to `trace`, which outlives it.
  void Trace(const FrameTrace* trace) { trace_ = trace; }

  // Where the payload of the next frame goes if it is to share the write with
  // what is pending. Empty when the buffer is full.
  absl::Span<uint8_t> Room();
  // Completes the frame whose payload, of `header.length` bytes, is in Room().
  void Commit(const FrameHeader& header);
  // Adds a small frame, `payload` at most kMaxAppend bytes. False, and nothing
  // added, when there is no room before the next flush.
  bool Append(const FrameHeader& header, absl::string_view payload);
  static constexpr size_t kMaxAppend = 1024;
  // A preamble, in front of everything that is pending.
  void AddPreamble();

  // Whether the last write failed for want of memory: then the channel being
  // ready says nothing, and only time helps.
  bool starved() const { return starved_; }
  static constexpr absl::Duration kStarvedWait = absl::Milliseconds(50);

  bool pending() const { return preamble_left_ > 0 || begin_ < end_; }
  void Clear();

  // Writes what the channel takes now. OK also when something stays pending;
  // UNAVAILABLE when the far end left, other errors as errno says.
  absl::Status TryFlush(int fd);
  // Writes until nothing is pending or `wakeup` rings: then OK, and pending()
  // tells. Looks again at least every `retry`, since wake-ups get lost. What
  // CANCELLED and DEADLINE_EXCEEDED leave stays pending.
  absl::Status Flush(int fd, absl::Duration retry, Deadline deadline,
                     Wakeup& wakeup);
  // The same, but rings do not end it: nothing is pending after OK.
  absl::Status FlushAll(int fd, absl::Duration retry, Deadline deadline,
                        Wakeup& wakeup);

 private:
  // One write of what comes next; `progress` is false when none was taken.
  absl::Status WriteOnce(int fd, bool* progress);

  const PageBuffer buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t preamble_left_ = 0;
  bool starved_ = false;
  WriteCounters own_counters_;
  WriteCounters& counters_;
  const FrameTrace* trace_ = nullptr;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_FRAME_WRITER_H_
