// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/kernel_ports.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "proxy/labelled_numbers.h"

namespace vios {
namespace {

constexpr char kPorts[] = "/sys/class/virtio-ports";
constexpr char kFigures[] = "/sys/kernel/debug/virtio-ports";

std::optional<PortFigures> Figures(const Machine& machine,
                                   const std::string& node) {
  const std::string text = machine.Read(absl::StrCat(kFigures, "/", node));
  const auto attached = NumberBehind(text, "host_connected:");
  const auto received = NumberBehind(text, "bytes_received:");
  if (!attached || !received) return std::nullopt;
  return PortFigures{.host_attached = *attached != 0,
                     .bytes_received = *received};
}

// "1" of "vport1p2".
std::string DeviceOf(absl::string_view node) {
  absl::string_view rest = node;
  if (!absl::ConsumePrefix(&rest, "vport")) return std::string(node);
  return std::string(rest.substr(0, rest.find('p')));
}

}  // namespace

std::vector<KernelPort> KernelPorts(const Machine& machine) {
  std::vector<KernelPort> ports;
  for (const std::string& node : machine.List(kPorts)) {
    ports.push_back({machine.ReadLine(absl::StrCat(kPorts, "/", node, "/name")),
                     node, DeviceOf(node), Figures(machine, node)});
  }
  return ports;
}

}  // namespace vios
