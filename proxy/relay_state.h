// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_RELAY_STATE_H_
#define VIOS_PROXY_PROXY_RELAY_STATE_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "channel/channel.h"
#include "channel/counter.h"
#include "channel/session.h"
#include "channel/wakeup.h"
#include "proxy/relay_limits.h"

namespace vios {

// What the two pumps of one session share. The descriptors belong to the
// caller of the relay. Thread-safe but for what says otherwise.
class RelayState {
 public:
  // All arguments outlive it. `reader` and `writer` are the Wakeups of the
  // threads that read and write the channel.
  RelayState(Channel& channel, const SessionId& id, int tcp,
             const RelayLimits& limits, Wakeup& reader, Wakeup& writer);

  Channel& channel() { return channel_; }
  Session& session() { return session_; }
  int tcp() const { return tcp_; }
  const RelayLimits& limits() const { return limits_; }

  // Ends the session, once: resets the TCP side at once unless it ends in good
  // order, and wakes both pumps.
  void End(SessionEnd end);
  // The same for what a wait, or the channel's I/O, returned: cancelled, or the
  // channel is lost. INTERNAL ends the process.
  void EndByChannel(const absl::Status& status);
  // The same for an errno of the TCP side.
  void EndByTcp(const char* operation, int error);
  void WakeWriter() { writer_.Ring(); }

  // Our end of file is about to be passed to TCP; before it is.
  void BeginEof() { eof_begun_ = true; }
  bool eof_begun() const { return eof_begun_; }
  // The pump that wrote FIN, or passed the peer's end of file on, says so.
  // After both the TCP side is closed in good order, whatever becomes of the
  // channel.
  void FinWritten();
  void EofPassedOn();

  // The writing pump has nothing more to write; wakes the other one if that
  // may wait for it.
  void SetWriterDone();
  bool writer_done() const { return writer_done_; }

  // Of bytes from TCP and to TCP; the channel's. Each is one pump's to add to.
  Counter& from_tcp;
  Counter& to_tcp;

 private:
  // Whether nothing that either application sent is still to be delivered here.
  bool whole() const;

  Channel& channel_;
  Session session_;
  const int tcp_;
  const RelayLimits limits_;
  Wakeup& reader_;
  Wakeup& writer_;
  std::atomic<bool> fin_written_ = false;
  std::atomic<bool> eof_begun_ = false;
  std::atomic<bool> eof_passed_on_ = false;
  std::atomic<bool> writer_done_ = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_RELAY_STATE_H_
