// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_STATUS_COMMAND_H_
#define VIOS_PROXY_PROXY_CTL_STATUS_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/ctl/command_result.h"

namespace vios {

// The commands that ask the daemons' status servers. All block until
// `deadline`, or until the Cancel of `wakeup` fires.

struct StatusRequest {
  // Where status servers are now; as --http_address has them.
  std::function<std::vector<std::string>()> addresses;
  bool json = false;
};

// `status`: a table for each daemon, or an array of what they say. 0 when there
// is one and all answer.
CommandResult ShowStatus(const StatusRequest& request, Deadline deadline,
                         Wakeup& wakeup);

// `wait`: until there is a daemon and all are ready: 0. At the deadline 1, and
// why not.
CommandResult AwaitReady(const StatusRequest& request, Deadline deadline,
                         Wakeup& wakeup);

// `drain`: tells all to take no new clients, and waits until no channel is
// busy: 0. At the deadline 1. They go on running.
CommandResult Drain(const StatusRequest& request, Deadline deadline,
                    Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_STATUS_COMMAND_H_
