// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DOCTOR_HOST_H_
#define VIOS_PROXY_PROXY_CTL_DOCTOR_HOST_H_

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// The links of a host's chain, in their order; what depends on a broken link is
// left out.

// Directory, sockets, QEMU, guest. Blocks for the file system alone.
Verdicts ExamineSockets(const HostFacts& facts);
// The daemon and the service; blocks until `deadline` for the latter.
Verdicts ExamineHostDaemon(const HostFacts& facts, Deadline deadline,
                           Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DOCTOR_HOST_H_
