// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_KERNEL_PORTS_H_
#define VIOS_PROXY_PROXY_CTL_KERNEL_PORTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proxy/ctl/machine.h"

namespace vios {

// What the kernel tells without a port being opened; from debugfs, which needs
// root and is not mounted everywhere.
struct PortFigures {
  bool host_attached = false;
  uint64_t bytes_received = 0;  // From the host, since the port was plugged in.
};

// A virtio-serial port as the kernel of a guest has it. A value.
struct KernelPort {
  std::string name;    // "qpid.0"; empty: it was given none.
  std::string node;    // "vport1p2", the file in /dev.
  std::string device;  // "1": of which virtio-serial device it is.
  std::optional<PortFigures> figures;

  std::string path() const { return "/dev/" + node; }
};

// All of them, by node; consoles are none. Blocks as the file system does.
std::vector<KernelPort> KernelPorts(const Machine& machine);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_KERNEL_PORTS_H_
