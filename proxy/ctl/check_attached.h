// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_ATTACHED_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_ATTACHED_H_

#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// What a guest can see of the host behind its ports.

// Whether somebody on the host is attached to each port. Asks the kernel's
// figures and the daemon's status; a port is opened, for a moment, only when no
// daemon runs.
Verdict CheckAttached(const GuestFacts& facts);
// Whether that somebody has ever said a word.
Verdict CheckAnswers(const GuestFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_ATTACHED_H_
