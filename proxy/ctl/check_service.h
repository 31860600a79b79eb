// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_SERVICE_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_SERVICE_H_

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/ctl/verdict.h"
#include "proxy/resolver.h"
#include "proxy/service_address.h"

namespace vios {

// The end of the chain: connects to the service and closes the connection
// again, in good order unless the service speaks first. Each address of a name
// gets a fair share of the time. Blocks until `deadline`, or until the Cancel
// of `wakeup` fires.
Verdict CheckService(const ServiceAddress& service, Deadline deadline,
                     Wakeup& wakeup,
                     ServiceResolver::LookUp look_up = LookUpHost);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_SERVICE_H_
