// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_VM_QEMU_COMMAND_H_
#define VIOS_PROXY_TESTING_VM_QEMU_COMMAND_H_

#include <string>
#include <vector>

namespace vios::testing {

// A virtio port and the unix socket that is its host end.
struct Port {
  std::string name;
  std::string socket;
};

// A guest that has virtio ports, two serial lines and, unless asked for, no
// network.
struct QemuCommand {
  std::string kernel;
  std::string initrd;
  std::string cpu = "max";  // As QEMU's -cpu takes it.
  int vcpus = 1;
  int memory_mb = 256;
  std::vector<Port> ports;
  int devices = 1;           // virtio-serial devices; ports go round them.
  int max_ports = 31;        // Of each, a console included; as QEMU has it.
  std::string console_path;  // A file that gets what the kernel says.
  std::string agent_path;    // Unix sockets: of the second serial line,
  std::string qmp_path;      // and of the monitor.
  std::string disk_path;  // An image (qcow2) that can hold snapshots, or none.
  std::string incoming;   // Where a guest comes from that ran before, or none.
  bool network = false;   // A virtio card on QEMU's user-mode network.
  std::vector<std::string> more;  // Arguments to put behind all of these.
};

// How QEMU calls a port's halves, for later commands to its monitor.
std::string ChardevId(const std::string& port_name);
std::string DeviceId(const std::string& port_name);
// The bus of the virtio-serial device `device`.
std::string BusId(int device);

// The command line. QEMU waits for a client of the agent's line before it
// starts the guest. Interprets code (TCG) unless the environment variable
// VIOS_VM_ACCEL names another accelerator.
std::vector<std::string> CommandLine(const QemuCommand& command);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_VM_QEMU_COMMAND_H_
