// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_CLIENT_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_CLIENT_H_

#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Whether somebody else is connected to the sockets, be it another host daemon:
// QEMU attends to one at a time. Only looks.
Verdict CheckSocketClient(const HostFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_CLIENT_H_
