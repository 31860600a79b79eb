// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_SESSION_H_
#define VIOS_PROXY_CHANNEL_SESSION_H_

#include <atomic>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "channel/frame.h"
#include "channel/role.h"
#include "channel/session_end.h"
#include "channel/session_id.h"

namespace vios {

// One established session as its two pumps share it. Thread-safe.
//
// Each of the four steps of a clean end happens once. The pump that writes to
// the channel sets two: FIN when it queues it, so that no FINACK can come
// before, and FINACK when the channel has taken all of it. The one that reads
// sets those that it receives.
class Session {
 public:
  Session(const SessionId& id, Role role);

  const SessionId& id() const { return id_; }
  Token own_token() const {
    return role_ == Role::kGuest ? id_.guest : id_.host;
  }
  Token peer_token() const {
    return role_ == Role::kGuest ? id_.host : id_.guest;
  }

  // Ends it; the first to do so is right. False when it had ended already.
  bool End(SessionEnd end);
  bool ended() const { return ended_.load(std::memory_order_acquire); }
  // How it ended; kClean when nobody ended it.
  SessionEnd end() const;
  // When somebody did; now while nobody has.
  Clock::time_point ended_at() const;

  void SetFinQueued() { Set(fin_queued_); }
  void SetFinAckWritten() { Set(fin_ack_written_); }
  void SetFinReceived() { Set(fin_received_); }
  void SetFinAckReceived() { Set(fin_ack_received_); }
  bool fin_queued() const { return fin_queued_; }
  bool fin_received() const { return fin_received_; }
  bool fin_ack_received() const { return fin_ack_received_; }
  bool complete() const {
    return fin_queued_ && fin_ack_written_ && fin_received_ &&
           fin_ack_received_;
  }
  // Whether one direction has ended for both ends and the other has not.
  bool half_closed() const {
    return !complete() && ((fin_received_ && fin_ack_written_) ||
                           (fin_queued_ && fin_ack_received_));
  }

  // A byte moved to or from TCP, or a direction ended. The time is
  // RoughNow()'s.
  void Touch() { touched_.store(RoughNow(), std::memory_order_relaxed); }
  Clock::time_point touched() const {
    return touched_.load(std::memory_order_relaxed);
  }

 private:
  void Set(std::atomic<bool>& step) {
    Touch();
    step.store(true);
  }

  const SessionId id_;
  const Role role_;
  std::atomic<bool> fin_queued_ = false;
  std::atomic<bool> fin_ack_written_ = false;
  std::atomic<bool> fin_received_ = false;
  std::atomic<bool> fin_ack_received_ = false;
  std::atomic<Clock::time_point> touched_;
  std::atomic<bool> ended_ = false;
  mutable absl::Mutex mu_;
  SessionEnd end_ ABSL_GUARDED_BY(mu_);
  Clock::time_point ended_at_ ABSL_GUARDED_BY(mu_);
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_SESSION_H_
