// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_QEMU_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_QEMU_H_

#include "proxy/ctl/host_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// What can be seen of QEMU behind the sockets. None of it waits for QEMU.

// Whether somebody listens on each socket: by the kernel's list, or where that
// cannot be had by a connection, closed at once.
Verdict CheckQemuListens(const HostFacts& facts);
// Whether its command line puts too many ports on one device.
Verdict CheckQemuPorts(const HostFacts& facts);
// Whether the daemon, if it can be asked, is connected to the sockets. Broken
// when to none.
Verdict CheckConnected(const HostFacts& facts);
// Whether the guest has its end open, as far as the daemon has seen.
Verdict CheckGuestEnd(const HostFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_QEMU_H_
