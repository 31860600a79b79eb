// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_DOCTOR_GUEST_H_
#define VIOS_PROXY_PROXY_DOCTOR_GUEST_H_

#include "proxy/guest_facts.h"
#include "proxy/verdict.h"

namespace vios {

// The links of a guest's chain, in their order; what depends on a broken link
// is left out. Both block for the file system alone.

// Device, module, ports, and what is behind them.
Verdicts ExaminePorts(const GuestFacts& facts);
// The daemon.
Verdicts ExamineGuestDaemon(const GuestFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_DOCTOR_GUEST_H_
