// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_PORT_ACCESS_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_PORT_ACCESS_H_

#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Whether the guest daemon gets at its ports. Both change nothing.

// Whether its user may open them.
Verdict CheckPortPermission(const GuestFacts& facts);
// Whether somebody else has one open: a port has one owner at a time. Without
// root, and where no daemon runs, each is opened and closed again, which the
// host sees.
Verdict CheckPortHolder(const GuestFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_PORT_ACCESS_H_
