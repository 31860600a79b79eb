// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DOCTOR_GUEST_H_
#define VIOS_PROXY_PROXY_CTL_DOCTOR_GUEST_H_

#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// The links of a guest's chain, in their order; what depends on a broken link
// is left out. Both block for the file system alone.

// Device, module, ports, and what is behind them.
Verdicts ExaminePorts(const GuestFacts& facts);
// The daemon.
Verdicts ExamineGuestDaemon(const GuestFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DOCTOR_GUEST_H_
