// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/check_sockets.h"

#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/endpoint.h"

namespace vios {
namespace {

constexpr mode_t kSearch = 1;
constexpr mode_t kWrite = 2;

std::string JoinTheGroup(const Machine& machine, const std::string& user,
                         const struct stat& file) {
  const std::string group = GroupName(machine, file.st_gid);
  return absl::StrCat(
      "Run vios-proxy-host as user ", UserName(machine, file.st_uid),
      ", or put it into that file's group (it starts again after that):\n"
      "usermod --append --groups ",
      group, " ", user,
      "\nThe group needs write permission on the socket (QEMU's umask: 007) "
      "and search\npermission on its directories. libvirt keeps both for "
      "QEMU's own group.");
}

// The first of the directories above `path`, or `path` itself, that the facts'
// user cannot pass; empty when there is none.
std::string Obstacle(const HostFacts& facts, const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const bool last = slash == std::string::npos;
    const std::string part = path.substr(0, slash);
    struct stat file = {};
    if (::stat(facts.machine.Real(part).c_str(), &file) == 0 &&
        !Allows(file, facts.user, last ? kWrite : kSearch)) {
      return part;
    }
    if (last) return "";
  }
}

}  // namespace

Verdict CheckGuestDirectory(const HostFacts& facts) {
  const std::string& directory = facts.setup.directory;
  if (absl::IsNotFound(facts.directory)) {
    return Broken("directory",
                  absl::StrCat("there is no directory ", directory),
                  absl::StrCat("mkdir -p ", directory,
                               "/GUEST, and let QEMU put its sockets there; or "
                               "say with --guest_directory where they are."));
  }
  if (!facts.directory.ok()) {
    return Broken("directory", std::string(facts.directory.message()),
                  "Say with --guest_directory where the sockets are; run the "
                  "daemon, and this doctor, as a user that may look there.");
  }
  if (facts.sockets.empty() && !facts.problems.empty()) {
    return Broken("directory", Shown(facts.problems.front()),
                  "Run the daemon, and this doctor, as a user that may look "
                  "there: QEMU's own, or one of its group.");
  }
  if (!facts.problems.empty()) {
    return Note("directory", Shown(facts.problems.front()),
                "That guest is left out.");
  }
  return Fine("directory", "");
}

Verdict CheckSockets(const HostFacts& facts) {
  const size_t count = facts.sockets.size();
  if (count > 0) {
    return Fine("sockets",
                absl::StrCat(count, " sockets in ", facts.setup.directory));
  }
  return Broken("sockets",
                absl::StrCat("no socket in ", facts.setup.directory,
                             " or the directories in it: no guest with "
                             "channels runs, or QEMU puts them elsewhere"),
                "`vios-proxy-ctl doctor --qemu=N` and --libvirt=N print what "
                "to give to a guest.");
}

Verdict CheckSocketPaths(const HostFacts& facts) {
  for (const HostSocket& socket : facts.sockets) {
    if (socket.path.size() <= kMaxSocketPath) continue;
    return Broken(
        "path length",
        absl::StrCat("the path ", Shown(socket.path), " has ",
                     socket.path.size(),
                     " bytes; the address of a socket holds ", kMaxSocketPath),
        "Give QEMU's chardev a shorter path, and --guest_directory a "
        "shorter directory.");
  }
  return Fine("path length", "");
}

Verdict CheckSocketPermission(const HostFacts& facts) {
  const std::string user = UserName(facts.machine, facts.user.uid);
  for (const HostSocket& socket : facts.sockets) {
    const std::string obstacle = Obstacle(facts, socket.path);
    if (obstacle.empty()) continue;
    struct stat file = {};
    (void)::stat(facts.machine.Real(obstacle).c_str(), &file);
    return Broken("permission",
                  absl::StrCat("user ", user, " may not connect to ",
                               Shown(socket.path), ": ", Shown(obstacle),
                               " belongs to ", OwnerText(facts.machine, file)),
                  JoinTheGroup(facts.machine, user, file));
  }
  return Fine("permission",
              absl::StrCat("user ", user, " may connect to them"));
}

}  // namespace vios
