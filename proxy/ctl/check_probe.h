// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_PROBE_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_PROBE_H_

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Send a PING through a channel and time it, when no daemon of ours uses them:
// a channel has one owner at a time. It is the first one of `facts`, which must
// have one. Both block until `deadline`.
Verdict ProbeFromGuest(const GuestFacts& facts, Deadline deadline,
                       Wakeup& wakeup);
Verdict ProbeFromHost(const HostFacts& facts, Deadline deadline,
                      Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_PROBE_H_
