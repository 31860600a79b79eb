// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CHECK_SERVICE_H_
#define VIOS_PROXY_PROXY_CHECK_SERVICE_H_

#include <cstdint>
#include <string>

#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/verdict.h"

namespace vios {

// The end of the chain: connects to the service at `address` (as
// --service_address) and `port`, and closes the connection again. Blocks until
// `deadline`, and for as long as the system resolves a name.
Verdict CheckService(const std::string& address, uint16_t port,
                     Deadline deadline, Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CHECK_SERVICE_H_
