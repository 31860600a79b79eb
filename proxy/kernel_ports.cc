// SPDX-License-Identifier: Apache-2.0
#include "proxy/kernel_ports.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

constexpr char kPorts[] = "/sys/class/virtio-ports";
constexpr char kFigures[] = "/sys/kernel/debug/virtio-ports";

std::optional<PortFigures> Figures(const Machine& machine,
                                   const std::string& node) {
  PortFigures figures;
  int found = 0;
  const std::string text = machine.Read(absl::StrCat(kFigures, "/", node));
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::string_view value = line;
    uint64_t number = 0;
    if (absl::ConsumePrefix(&value, "host_connected:") &&
        absl::SimpleAtoi(absl::StripAsciiWhitespace(value), &number)) {
      figures.host_attached = number != 0;
      ++found;
    } else if (absl::ConsumePrefix(&value, "bytes_received:") &&
               absl::SimpleAtoi(absl::StripAsciiWhitespace(value), &number)) {
      figures.bytes_received = number;
      ++found;
    }
  }
  if (found < 2) return std::nullopt;
  return figures;
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
