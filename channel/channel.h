// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_CHANNEL_H_
#define VIOS_PROXY_CHANNEL_CHANNEL_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/answers.h"
#include "channel/channel_counters.h"
#include "channel/deadline.h"
#include "channel/fd_io.h"
#include "channel/flood_gate.h"
#include "channel/frame.h"
#include "channel/frame_reader.h"
#include "channel/frame_trace.h"
#include "channel/frame_writer.h"
#include "channel/option_block.h"
#include "channel/role.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"

namespace vios {

// A SYN that waits for its session.
struct SynRequest {
  Token guest;
  std::optional<OptionBlock> block;
  bool block_malformed = false;  // It was left out as a whole.
};

// How long a wait for the channel may trust its wake-up before the I/O is tried
// anyway: wake-ups of virtio ports get lost in the field. While one is set up
// that of a session counts, too.
struct RetryIntervals {
  absl::Duration in_session = absl::Seconds(1);
  absl::Duration idle = absl::Seconds(5);
};

// One open end of a channel: descriptor, reader, writer, and what is known of
// the peer behind it. Out of session one thread uses it. In a session one
// thread reads (reader(), answers(), Observe(), AnswerStray(), the pending SYN)
// and one writes (writer(), Queue()); the counters are thread-safe.
class Channel {
 public:
  // Counts in `counters`, which outlives it; null: in its own.
  Channel(UniqueFd fd, Role role, bool options_enabled,
          RetryIntervals retry = {}, ChannelCounters* counters = nullptr);

  // Has its frames told to `trace`, which outlives it. Before its first use.
  void Trace(const FrameTrace* trace) {
    reader_.Trace(trace);
    writer_.Trace(trace);
  }

  int fd() const { return fd_.get(); }
  Role role() const { return role_; }
  bool options_enabled() const { return options_enabled_; }
  const RetryIntervals& retry() const { return retry_; }
  FrameReader& reader() { return reader_; }
  FrameWriter& writer() { return writer_; }
  Answers& answers() { return answers_; }
  ChannelCounters& counters() { return counters_; }

  // Whether the peer has sent an option frame or block since this end was
  // opened (and no SYN or SYNACK without a block since).
  bool peer_has_options() const { return peer_has_options_; }
  // The far end is another one now, or nobody: forgets what is underway, torn
  // frames included, and what the last one could do.
  void Restart();

  // Notes what a frame that was received says about the peer.
  void Observe(const Frame& frame);

  // Adds a small frame to the writer, and a preamble in front where one is due;
  // nothing is written yet. UNAVAILABLE, and nothing is added, when the buffer
  // is full of frames that the peer has not taken.
  absl::Status Queue(const FrameHeader& header, absl::string_view payload);

  // Out of session: the next frame that is valid and `wanted`; nothing when
  // `wakeup` rang or `also` (may be null) became ready. Meanwhile writes what
  // is pending and the answers that are owed, and looks again at least every
  // `retry`, one of retry(), since wake-ups get lost. UNAVAILABLE when the far
  // end left, RESOURCE_EXHAUSTED when it floods the channel (close it then:
  // that also gets rid of what is on its way), CANCELLED, DEADLINE_EXCEEDED.
  absl::StatusOr<std::optional<Frame>> Await(
      absl::FunctionRef<bool(const FrameHeader&)> wanted, pollfd* also,
      absl::Duration retry, Deadline deadline, Wakeup& wakeup);
  // Owes the answer to a frame that belongs to no session and began none.
  void AnswerStray(const Frame& frame);

  // What has come on this connection, for those that doubt it: bytes at all,
  // and when the last frame did. NoteFrame() says that one came elsewhere.
  bool heard() const { return heard_; }
  std::optional<Clock::time_point> last_frame() const { return last_frame_; }
  void NoteFrame() { last_frame_ = RoughNow(); }

  // Host: a SYN that ended the session before it and comes first now; the
  // latest counts. The reading thread's.
  const std::optional<SynRequest>& pending_syn() const { return pending_syn_; }
  void KeepSyn(SynRequest syn) { pending_syn_ = std::move(syn); }
  std::optional<SynRequest> TakePendingSyn() {
    return std::exchange(pending_syn_, std::nullopt);
  }

  // Frames of sessions that are not there, counted and dropped.
  void CountStale() { counters_.read.stale_frames.Add(); }
  uint64_t stale_frames() const { return counters_.read.stale_frames.value(); }

 private:
  // One round of I/O of Await(): waits, writes and reads at most once.
  absl::Status Turn(pollfd* also, absl::Duration retry, Deadline deadline,
                    Wakeup& wakeup, bool* look_again);
  absl::Status SendSome();
  // Adds a PONG and a RESET for an unknown session if they are owed; nothing is
  // pending.
  void QueueAnswers();
  // `told`: a wait says that there is something.
  absl::Status ReadSome(bool told);
  bool preamble_due() const;

  const UniqueFd fd_;
  const Role role_;
  const bool options_enabled_;
  const RetryIntervals retry_;
  ChannelCounters own_counters_;
  ChannelCounters& counters_;
  FrameReader reader_;
  FrameWriter writer_;
  Answers answers_;
  std::optional<SynRequest> pending_syn_;
  std::atomic<bool> peer_has_options_ = false;
  bool preamble_sent_ = false;  // Host; the writing thread's.
  bool heard_ = false;          // The worker's, as are the next.
  FloodGate gate_;
  std::optional<Clock::time_point> last_frame_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_CHANNEL_H_
