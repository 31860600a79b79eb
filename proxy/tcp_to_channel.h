// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_TCP_TO_CHANNEL_H_
#define VIOS_PROXY_PROXY_TCP_TO_CHANNEL_H_

#include "channel/outbound.h"
#include "channel/wakeup.h"
#include "proxy/relay_state.h"
#include "proxy/session_clocks.h"

namespace vios {

// The pump that reads TCP and is the only writer of the channel: `up` in the
// guest, `down` on the host. It also keeps the session's clocks, and sends what
// the other pump leaves for it (FINACK, RESET). One thread's.
class TcpToChannel {
 public:
  TcpToChannel(RelayState& state, Wakeup& wakeup);

  // Sends what TCP has at once, together with what is pending; never waits. To
  // be called at most once, before Run().
  void Start();
  // Returns when the session is over and nothing of it is left to be sent.
  void Run();

 private:
  bool Over() const;
  void QueueFinAck();
  // Reads TCP once if something may be there.
  void ReadTcp();
  // Whether what looks like the end of file is a reset.
  bool HidesAReset() const;
  void OnEndOfFile();
  // Everything that is pending, however long the channel takes it.
  void Flush();
  void NoteFlushed();
  void WaitForWork();
  void OnTcpEvents(short events);
  SessionClocks::Event NextEvent();
  // Does what is due.
  void CheckClocks();
  // The begun frame and the RESET, after the session has ended.
  void Finish();

  RelayState& state_;
  Session& session_;
  Wakeup& wakeup_;
  Outbound outbound_;
  SessionClocks clocks_;
  bool tcp_may_have_more_ = true;
  bool tcp_at_end_ = false;
  bool tcp_gone_ = false;  // Nothing more is to be heard from it.
  bool data_queued_ = false;
  bool fin_queued_ = false;  // In the buffer, not yet with the channel.
  bool fin_ack_queued_ = false;
  bool fin_ack_begun_ = false;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_TCP_TO_CHANNEL_H_
