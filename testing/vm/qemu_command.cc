// SPDX-License-Identifier: Apache-2.0
#include "testing/vm/qemu_command.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace vios::testing {
namespace {

// The timer check fails on a busy machine now and then: the kernel then takes
// another timer, which does not tick again behind a sleep (S3).
constexpr char kKernelArguments[] = "console=ttyS0 quiet no_timer_check";

std::string Accelerator() {
  const char* accelerator = std::getenv("VIOS_VM_ACCEL");
  return accelerator != nullptr && *accelerator != '\0' ? accelerator : "tcg";
}

void AddPort(const Port& port, int device, std::vector<std::string>& line) {
  line.insert(line.end(),
              {"-chardev",
               absl::StrCat("socket,id=", ChardevId(port.name),
                            ",path=", port.socket, ",server=on,wait=off"),
               "-device",
               absl::StrCat("virtserialport,id=", DeviceId(port.name), ",bus=",
                            BusId(device), ",chardev=", ChardevId(port.name),
                            ",name=", port.name)});
}

void AddPorts(const QemuCommand& command, std::vector<std::string>& line) {
  for (int i = 0; i < command.devices; ++i) {
    line.insert(line.end(),
                {"-device", absl::StrCat("virtio-serial-pci,id=vser", i,
                                         ",max_ports=", command.max_ports)});
  }
  int next = 0;
  for (const Port& port : command.ports) {
    AddPort(port, next++ % command.devices, line);
  }
}

}  // namespace

std::string ChardevId(const std::string& port_name) {
  return "chardev." + port_name;
}

std::string DeviceId(const std::string& port_name) {
  return "port." + port_name;
}

std::string BusId(int device) { return absl::StrCat("vser", device, ".0"); }

std::vector<std::string> CommandLine(const QemuCommand& command) {
  std::vector<std::string> line = {
      "qemu-system-x86_64",
      "-accel",
      Accelerator(),
      "-cpu",
      command.cpu,
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-m",
      absl::StrCat(command.memory_mb),
      "-smp",
      absl::StrCat(command.vcpus),
      "-kernel",
      command.kernel,
      "-initrd",
      command.initrd,
      "-append",
      kKernelArguments,
      "-serial",
      absl::StrCat("file:", command.console_path),
      "-chardev",
      absl::StrCat("socket,id=agent,path=", command.agent_path,
                   ",server=on,wait=on"),
      "-serial",
      "chardev:agent",
      "-qmp",
      absl::StrCat("unix:", command.qmp_path, ",server=on,wait=off")};
  AddPorts(command, line);
  line.insert(line.end(), command.more.begin(), command.more.end());
  if (!command.disk_path.empty()) {
    line.insert(line.end(),
                {"-drive", absl::StrCat("if=none,id=disk,format=qcow2,file=",
                                        command.disk_path)});
  }
  if (!command.incoming.empty()) {
    line.insert(line.end(), {"-incoming", command.incoming});
  }
  if (command.network) {
    line.insert(line.end(), {"-netdev", "user,id=net", "-device",
                             "virtio-net-pci,netdev=net,romfile="});
  }
  return line;
}

}  // namespace vios::testing
