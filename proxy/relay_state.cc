// SPDX-License-Identifier: Apache-2.0
#include "proxy/relay_state.h"

#include <sys/socket.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "proxy/log.h"
#include "proxy/tcp.h"

namespace vios {

RelayState::RelayState(Channel& channel, const SessionId& id, int tcp,
                       const RelayLimits& limits, Wakeup& reader,
                       Wakeup& writer)
    : from_tcp(channel.counters().write.bytes),
      to_tcp(channel.counters().read.bytes),
      channel_(channel),
      session_(id, channel.role()),
      tcp_(tcp),
      limits_(limits),
      reader_(reader),
      writer_(writer) {}

void RelayState::End(SessionEnd end) {
  const bool cleanly = end.closes_cleanly();
  if (!session_.End(std::move(end))) return;
  if (cleanly) {
    (void)EndCleanly(tcp_);
    // At once: the close may have to wait until the channel takes a frame.
    (void)::shutdown(tcp_, SHUT_WR);
  } else if (whole()) {
    // Told already, but for a FIN whose writer has not yet said so.
    (void)EndCleanly(tcp_);
  } else {
    AbortLeg(tcp_);
  }
  reader_.Ring();
  writer_.Ring();
}

// The peer's FINACK may be read before the writer has said that FIN is written.
bool RelayState::whole() const {
  return (fin_written_ || session_.fin_ack_received()) && eof_passed_on_;
}

void RelayState::EndByChannel(const absl::Status& status) {
  if (absl::IsInternal(status)) FatalExit(status.message());
  if (absl::IsCancelled(status)) {
    End(ResetBecause(ResetReason::kShuttingDown, ""));
  } else {
    End({SessionEnd::Kind::kChannelLost, ResetReason::kNone,
         std::string(status.message())});
  }
}

void RelayState::EndByTcp(const char* operation, int error) {
  const char* who = channel_.role() == Role::kGuest ? "client" : "service";
  End(ResetBecause(ResetReason::kConnectionReset,
                   absl::StrCat(absl::ErrnoToStatus(error, operation).message(),
                                ", ", who)));
}

void RelayState::FinWritten() {
  fin_written_ = true;
  if (whole()) (void)EndCleanly(tcp_);
}

void RelayState::EofPassedOn() {
  eof_passed_on_ = true;
  if (whole()) (void)EndCleanly(tcp_);
}

void RelayState::SetWriterDone() {
  writer_done_ = true;
  // Nobody waits for this after a clean end: the ring would only wake whatever
  // uses the Wakeup next.
  if (session_.ended()) reader_.Ring();
}

}  // namespace vios
