// SPDX-License-Identifier: Apache-2.0
// guest-port-links: keeps /dev/virtio-ports/NAME for every virtio port that
// has a name, as udev's rule does: the directory comes with the first port and
// goes with the last. Woken by the kernel's events for devices.
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <system_error>

#include "channel/unique_fd.h"

namespace vios::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kPorts[] = "/sys/class/virtio-ports";
constexpr char kLinks[] = "/dev/virtio-ports";
constexpr uint32_t kKernelEvents = 1;  // The multicast group.

using Links = std::map<std::string, std::string>;  // Name to target.

Links Wanted() {
  Links links;
  std::error_code error;
  for (const fs::directory_entry& port :
       fs::directory_iterator(kPorts, error)) {
    std::string name;
    std::getline(std::ifstream(port.path() / "name"), name);
    if (!name.empty()) links[name] = "../" + port.path().filename().string();
  }
  return links;
}

Links Present() {
  Links links;
  std::error_code error;
  for (const fs::directory_entry& link :
       fs::directory_iterator(kLinks, error)) {
    links[link.path().filename()] = fs::read_symlink(link.path(), error);
  }
  return links;
}

void Update() {
  const Links wanted = Wanted();
  std::error_code error;
  for (const auto& [name, target] : Present()) {
    const auto found = wanted.find(name);
    if (found != wanted.end() && found->second == target) continue;
    fs::remove(fs::path(kLinks) / name, error);
  }
  if (wanted.empty()) fs::remove(kLinks, error);
  for (const auto& [name, target] : wanted) {
    fs::create_directory(kLinks, error);
    fs::create_symlink(target, fs::path(kLinks) / name, error);
  }
}

int Run() {
  const UniqueFd events(
      ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kKernelEvents;
  if (::bind(events.get(), reinterpret_cast<const sockaddr*>(&address),
             sizeof(address)) != 0) {
    std::perror("guest-port-links: bind");
    return 1;
  }
  // After an overrun of the socket (an error here) there is as much reason to
  // look as after an event.
  while (true) {
    Update();
    std::array<char, 8192> event;
    ::recv(events.get(), event.data(), event.size(), 0);
  }
}

}  // namespace
}  // namespace vios::testing

int main() { return vios::testing::Run(); }
