// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_VM_CHANNELS_H_
#define VIOS_PROXY_PROXY_CTL_VM_CHANNELS_H_

#include <string>

namespace vios {

// More ports than this on one virtio-serial device, and QEMU can lose the
// notice that the host is there.
inline constexpr int kMostPortsOfDevice = 15;
// What one guest can be given.
inline constexpr int kMostChannels = 480;

// What to give to a guest, the way that we advise: `count` (1..kMostChannels)
// channels "qpid.0", "qpid.1", ... whose sockets are `directory`/0, 1, ..., at
// most kMostPortsOfDevice on each device. Text that ends with a newline. Pure.

// Arguments of QEMU for a shell, a backslash at the end of every line but the
// last.
std::string QemuArguments(int count, const std::string& directory);
// For the <devices> of a domain.
std::string LibvirtXml(int count, const std::string& directory);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_VM_CHANNELS_H_
