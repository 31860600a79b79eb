// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_kernel.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

// A console device of virtio: on its own bus, once the bus is driven, and on
// PCI (transitional and modern).
constexpr char kVirtioConsole[] = "0x0003";
constexpr char kPciVendor[] = "0x1af4";
constexpr char kPciDevices[2][8] = {"0x1003", "0x1043"};

bool HasPciDevice(const Machine& machine) {
  constexpr char kDevices[] = "/sys/bus/pci/devices";
  const std::vector<std::string> devices = machine.List(kDevices);
  return std::any_of(devices.begin(), devices.end(), [&](const auto& name) {
    const std::string path = absl::StrCat(kDevices, "/", name);
    const std::string id = machine.ReadLine(path + "/device");
    return machine.ReadLine(path + "/vendor") == kPciVendor &&
           (id == kPciDevices[0] || id == kPciDevices[1]);
  });
}

bool HasVirtioDevice(const Machine& machine) {
  constexpr char kDevices[] = "/sys/bus/virtio/devices";
  const std::vector<std::string> devices = machine.List(kDevices);
  return std::any_of(devices.begin(), devices.end(), [&](const auto& name) {
    return machine.ReadLine(absl::StrCat(kDevices, "/", name, "/device")) ==
           kVirtioConsole;
  });
}

}  // namespace

Verdict CheckDevice(const Machine& machine) {
  if (HasVirtioDevice(machine) || HasPciDevice(machine)) {
    return Fine("device", "this machine has a virtio-serial device");
  }
  return Broken("device",
                "this machine has no virtio-serial device: QEMU gave it none, "
                "or this is no guest",
                "On the host, `vios-proxy-ctl doctor --qemu=N` and --libvirt=N "
                "print what to give to the guest.");
}

Verdict CheckModule(const Machine& machine) {
  if (machine.Exists("/sys/bus/virtio/drivers/virtio_console") ||
      machine.Exists("/sys/module/virtio_console")) {
    return Fine("module", "virtio_console drives it");
  }
  return Broken("module", "the kernel module virtio_console is not loaded",
                "Run `modprobe virtio_console`; to have it at every boot:\n"
                "echo virtio_console >/etc/modules-load.d/virtio_console.conf");
}

}  // namespace vios
