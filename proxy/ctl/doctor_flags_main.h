// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_DOCTOR_FLAGS_MAIN_H_
#define VIOS_PROXY_PROXY_CTL_DOCTOR_FLAGS_MAIN_H_

#include <string>

#include "proxy/ctl/doctor_command.h"

namespace vios {

// The flags of `vios-proxy-ctl doctor`, after ParseCommandLine(). Exits at a
// mistake; for the main thread.

// All that they say; who may be asked, and in what form to answer, is left out.
DoctorRequest DoctorFlags();

// What --qemu or --libvirt is to print in place of an examination; empty when
// neither was given.
std::string ChannelsToPrint();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_DOCTOR_FLAGS_MAIN_H_
