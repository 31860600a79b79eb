// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_PORTS_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_PORTS_H_

#include "proxy/ctl/guest_facts.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// Whether the guest's ports are where its daemon looks. Pure, but for a look
// at the directory.

// Whether the kernel has ports with names of ours.
Verdict CheckPortNames(const GuestFacts& facts);
// Whether the directory shows them: udev's work.
Verdict CheckPortLinks(const GuestFacts& facts);
// Whether there are so many on one device that QEMU loses notices.
Verdict CheckPortCount(const GuestFacts& facts);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_PORTS_H_
