// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_ports.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "channel/channel_filter.h"
#include "channel/directory_entries.h"
#include "channel/escape.h"
#include "proxy/ctl/vm_channels.h"
#include "proxy/default_directories.h"

namespace vios {
namespace {

constexpr size_t kLongestName = 64;
constexpr char kGiveNames[] =
    "Give the guest a port with such a name (on the host: `vios-proxy-ctl "
    "doctor --qemu=N`), or say with --channels which of these is ours.";

std::string NamesOf(const std::vector<KernelPort>& ports) {
  std::vector<std::string> names;
  for (const KernelPort& port : ports) {
    names.push_back(port.name.empty()
                        ? absl::StrCat(port.node, " (without a name)")
                        : Escape(port.name, kLongestName));
  }
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

// Those of the filter's globs that no port's name fits.
std::vector<std::string> WithoutPort(const ChannelFilter& channels,
                                     const std::vector<KernelPort>& ports) {
  std::vector<std::string> left;
  for (const absl::string_view part : absl::StrSplit(channels.text(), ',')) {
    const auto glob = ChannelFilter::Parse(part);
    if (!glob.ok()) continue;
    if (std::none_of(ports.begin(), ports.end(), [&](const KernelPort& port) {
          return !port.name.empty() && glob->Matches(port.name);
        })) {
      left.emplace_back(part);
    }
  }
  return left;
}

bool Ours(const KernelPort& port, const GuestFacts& facts) {
  return !port.name.empty() && facts.setup.channels.Matches(port.name);
}

// Of ours, the first that the standard directory does not show.
const KernelPort* FirstMissing(const GuestFacts& facts) {
  for (const KernelPort& port : facts.kernel_ports) {
    const std::string link = JoinPath(facts.setup.directory, port.name);
    if (Ours(port, facts) && !facts.machine.Exists(link)) return &port;
  }
  return nullptr;
}

std::string HowToLink(const std::string& directory, const KernelPort& port) {
  return absl::StrCat(
      "Install and start udev, whose standard rules make these links, or link "
      "each port by hand:\nmkdir -p ",
      directory, " && ln -s ", port.path(), " ",
      JoinPath(directory, port.name));
}

}  // namespace

Verdict CheckPortNames(const GuestFacts& facts) {
  const auto& ports = facts.kernel_ports;
  if (ports.empty()) {
    return Broken("port names", "the virtio-serial device has no ports",
                  "On the host, `vios-proxy-ctl doctor --qemu=N` prints what "
                  "to give to the guest.");
  }
  // In another directory the links may be named as one likes.
  if (facts.setup.directory != kPortDirectory) {
    return Fine("port names", absl::StrCat(ports.size(), " ports"));
  }
  const auto missing = WithoutPort(facts.setup.channels, ports);
  if (missing.empty()) {
    return Fine("port names", absl::StrCat("the kernel has ", NamesOf(ports)));
  }
  const std::string finding =
      absl::StrCat("no port by the name ", absl::StrJoin(missing, " or "),
                   "; the kernel has: ", NamesOf(ports));
  const bool some =
      std::any_of(ports.begin(), ports.end(),
                  [&](const KernelPort& port) { return Ours(port, facts); });
  return some ? Note("port names", finding, kGiveNames)
              : Broken("port names", finding, kGiveNames);
}

Verdict CheckPortLinks(const GuestFacts& facts) {
  const std::string& directory = facts.setup.directory;
  const KernelPort* missing =
      directory == kPortDirectory ? FirstMissing(facts) : nullptr;
  if (missing != nullptr) {
    return Broken(
        "port links",
        absl::StrCat("the kernel has port ",
                     Escape(missing->name, kLongestName), ", but there is no ",
                     facts.machine.Exists(directory)
                         ? JoinPath(directory, missing->name)
                         : directory,
                     ": udev does not run here"),
        HowToLink(directory, *missing));
  }
  if (facts.ports.empty()) {
    return Broken(
        "port links",
        absl::StrCat(directory, " holds no port that fits --channels=",
                     facts.setup.channels.text()),
        facts.kernel_ports.empty()
            ? ""
            : HowToLink(directory, facts.kernel_ports.front()));
  }
  return Fine("port links",
              absl::StrCat(facts.ports.size(), " in ", directory));
}

Verdict CheckPortCount(const GuestFacts& facts) {
  std::map<std::string, int> count;
  for (const KernelPort& port : facts.kernel_ports) ++count[port.device];
  for (const auto& [device, ports] : count) {
    if (ports <= kMostPortsOfDevice) continue;
    return Note(
        "port count",
        absl::StrCat("virtio-serial device ", device, " has ", ports,
                     " ports: with more than ", kMostPortsOfDevice,
                     " QEMU can lose the notice that the host is there"),
        "Spread them over several devices, as `vios-proxy-ctl doctor --qemu=N` "
        "on the host prints it.");
  }
  return Fine("port count", "no device has too many");
}

}  // namespace vios
