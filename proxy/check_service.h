// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHECK_SERVICE_H_
#define VIOS_PROXY_PROXY_CHECK_SERVICE_H_

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/service_address.h"
#include "proxy/verdict.h"

namespace vios {

// The end of the chain: connects to the service and closes the connection
// again. Blocks until `deadline`, and for as long as the system resolves a name.
Verdict CheckService(const ServiceAddress& service, Deadline deadline,
                     Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHECK_SERVICE_H_
