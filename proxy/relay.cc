// SPDX-License-Identifier: Apache-2.0
#include "proxy/relay.h"

#include "proxy/channel_to_tcp.h"
#include "proxy/tcp_to_channel.h"

namespace vios {

RelayLimits LimitsOf(const CommonOptions& options) {
  return {.idle_timeout = options.idle_timeout,
          .half_close_timeout = options.half_close_timeout,
          .peer_timeout = options.peer_timeout};
}

RelayResult Relay(Channel& channel, const SessionId& id, int tcp,
                  const RelayLimits& limits, Wakeup& up, PumpThread& down,
                  const std::function<void()>& meanwhile) {
  const bool guest = channel.role() == Role::kGuest;
  Wakeup& writer_wakeup = guest ? up : down.wakeup();
  Wakeup& reader_wakeup = guest ? down.wakeup() : up;
  const uint64_t sent_before = channel.counters().write.bytes.value();
  const uint64_t received_before = channel.counters().read.bytes.value();
  RelayState state(channel, id, tcp, limits, reader_wakeup, writer_wakeup);
  TcpToChannel writer(state, writer_wakeup);
  ChannelToTcp reader(state, reader_wakeup);
  // The host has everything that it needs to go on before a thread is woken.
  if (guest) writer.Start();
  if (meanwhile) meanwhile();
  if (guest) {
    down.Begin([&reader] { reader.Run(); });
    writer.Run();
  } else {
    down.Begin([&writer] { writer.Run(); });
    reader.Run();
  }
  down.Join();
  const uint64_t from_tcp = state.from_tcp.value() - sent_before;
  const uint64_t to_tcp = state.to_tcp.value() - received_before;
  return {true, state.session().end(), state.session().ended_at(),
          guest ? from_tcp : to_tcp, guest ? to_tcp : from_tcp};
}

}  // namespace vios
