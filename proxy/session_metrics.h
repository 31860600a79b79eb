// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SESSION_METRICS_H_
#define VIOS_PROXY_PROXY_SESSION_METRICS_H_

#include "channel/channel.h"
#include "proxy/channel_stats.h"
#include "proxy/metrics.h"
#include "proxy/session_line.h"

namespace vios {

// Counts a session, or the attempt at one, that has ended in the daemon `role`,
// and notes on its channel what was wrong with it. Thread-safe.
void CountSession(const SessionLine& line, Role role, Metrics& metrics,
                  ChannelStats& channel);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SESSION_METRICS_H_
