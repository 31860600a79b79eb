// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_port_access.h"

#include <sys/stat.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/endpoint.h"

namespace vios {
namespace {

constexpr mode_t kReadAndWrite = 6;

std::string UdevRule(const std::string& user) {
  return absl::StrCat(
      "Run it as root, or give its group the ports by a udev rule, say in\n"
      "/etc/udev/rules.d/60-vios-proxy.rules (\"vios\" is a group that ",
      user,
      " is in):\n"
      "SUBSYSTEM==\"virtio-ports\", ATTR{name}==\"qpid.*\", GROUP=\"vios\", "
      "MODE=\"0660\"\n"
      "and then: udevadm control --reload && udevadm trigger "
      "--subsystem-match=virtio-ports");
}

// Without root, others' open files are out of sight; a port itself tells.
bool HeldOutOfSight(const GuestFacts& facts, const GuestPort& port) {
  return !facts.processes.complete() && facts.daemons.empty() &&
         absl::IsFailedPrecondition(
             OpenDevice(facts.machine.Real(port.path)).status());
}

}  // namespace

Verdict CheckPortPermission(const GuestFacts& facts) {
  const std::string user = UserName(facts.machine, facts.user.uid);
  for (const GuestPort& port : facts.ports) {
    struct stat file = {};
    if (::stat(facts.machine.Real(port.path).c_str(), &file) != 0) continue;
    if (Allows(file, facts.user, kReadAndWrite)) continue;
    return Broken(
        "permission",
        absl::StrCat("user ", user, " may not open ", port.path,
                     ", which belongs to ", OwnerText(facts.machine, file)),
        UdevRule(user));
  }
  return Fine("permission", absl::StrCat("user ", user, " may open the ports"));
}

Verdict CheckPortHolder(const GuestFacts& facts) {
  constexpr char kOneOwner[] =
      "A port has one owner at a time: stop that program, or leave the port to "
      "it with --channels.";
  for (const GuestPort& port : facts.ports) {
    if (HeldOutOfSight(facts, port)) {
      return Broken("holder",
                    absl::StrCat("port ", port.name,
                                 " is held by a program of another user; run "
                                 "this as root to see which"),
                    kOneOwner);
    }
    for (const Process& holder :
         facts.processes.HoldersOf("/dev/" + port.node)) {
      if (holder.program == "vios-proxy-guest") continue;
      return Broken(
          "holder",
          absl::StrCat("port ", port.name, " is held by ", holder.ToString()),
          kOneOwner);
    }
  }
  return Fine("holder", facts.processes.complete()
                            ? "no other program has a port open"
                            : "no other program of this user has a port open");
}

}  // namespace vios
