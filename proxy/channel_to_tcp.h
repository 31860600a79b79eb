// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHANNEL_TO_TCP_H_
#define VIOS_PROXY_PROXY_CHANNEL_TO_TCP_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "channel/inbound.h"
#include "channel/wakeup.h"
#include "proxy/relay_state.h"

namespace vios {

// The pump that is the only reader of the channel and writes TCP: `down` in the
// guest, `up` on the host. It never writes the channel, and so never waits for
// it to take something. One thread's.
class ChannelToTcp {
 public:
  ChannelToTcp(RelayState& state, Wakeup& wakeup);

  // Returns when nothing more of the session can arrive, or when it has ended
  // and the other pump has sent its last frame.
  void Run();

 private:
  bool Over() const;
  // Handles every complete frame that is buffered.
  void HandleBuffered();
  void Handle(const Frame& frame);
  void OnFin();
  // Collects data for one write; delivers when there is no place left.
  void Collect(absl::Span<const uint8_t> data);
  // Hands on what was collected, however long TCP takes. The frames that it is
  // in must still be in the reader's buffer. `flags` are sendmsg's.
  void Deliver(int flags = 0);
  bool WriteSome(int flags);
  bool AwaitTcp(bool starved);
  void WakeWriter();
  void ReadChannel();
  // A peer that is full of what it sends us could not take our last frame, so
  // that is read on, and dropped, until the frame has gone.
  void DrainChannel();
  // Whether there may be more to read.
  bool DropSome();
  // Until it may be readable, but not for long. Keeps the peer's clock.
  absl::Status AwaitChannel();

  RelayState& state_;
  Session& session_;
  Wakeup& wakeup_;
  Inbound inbound_;
  static constexpr size_t kMaxPieces = 32;
  std::array<iovec, kMaxPieces> pieces_;
  size_t first_piece_ = 0;
  size_t piece_count_ = 0;
  bool likely_more_ = false;      // Read on without a wait.
  bool writer_has_work_ = false;  // To be woken once all is handled.
  bool starved_ = false;          // The last write found no memory.
  absl::Duration silent_for_ = absl::ZeroDuration();
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHANNEL_TO_TCP_H_
