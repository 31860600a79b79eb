// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CHECK_KERNEL_H_
#define VIOS_PROXY_PROXY_CTL_CHECK_KERNEL_H_

#include "proxy/ctl/machine.h"
#include "proxy/ctl/verdict.h"

namespace vios {

// The beginning of a guest's chain. Both only read.

// Whether QEMU gave this guest a virtio-serial device at all.
Verdict CheckDevice(const Machine& machine);
// Whether the kernel drives it.
Verdict CheckModule(const Machine& machine);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CHECK_KERNEL_H_
