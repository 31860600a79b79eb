// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/credentials.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "proxy/labelled_numbers.h"

namespace vios {
namespace {

// Of "name:x:NUMBER:..." lines. The C library would want its plug-ins, which a
// static program does not have.
std::string NameIn(const std::string& table, uint32_t number) {
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
    uint32_t found = 0;
    if (fields.size() > 2 && absl::SimpleAtoi(fields[2], &found) &&
        found == number) {
      return std::string(fields[0]);
    }
  }
  return absl::StrCat(number);
}

}  // namespace

std::optional<Credentials> CredentialsOf(const Machine& machine,
                                         absl::string_view pid) {
  const std::string status =
      machine.Read(absl::StrCat("/proc/", pid, "/status"));
  // Real, effective, saved, of the file system.
  const std::vector<uint64_t> uids = NumbersBehind(status, "Uid:");
  const std::vector<uint64_t> gids = NumbersBehind(status, "Gid:");
  if (uids.size() < 2 || gids.size() < 2) return std::nullopt;
  Credentials who = {.uid = static_cast<uid_t>(uids[1]),
                     .groups = {static_cast<gid_t>(gids[1])}};
  for (const uint64_t group : NumbersBehind(status, "Groups:")) {
    who.groups.insert(static_cast<gid_t>(group));
  }
  return who;
}

bool Allows(const struct stat& file, const Credentials& who, mode_t wanted) {
  if (who.uid == 0) return true;
  mode_t granted = file.st_mode;
  if (file.st_uid == who.uid) {
    granted >>= 6;
  } else if (who.groups.count(file.st_gid) != 0) {
    granted >>= 3;
  }
  return (granted & wanted) == wanted;
}

std::string UserName(const Machine& machine, uid_t uid) {
  return NameIn(machine.Read("/etc/passwd"), uid);
}

std::string GroupName(const Machine& machine, gid_t gid) {
  return NameIn(machine.Read("/etc/group"), gid);
}

std::string OwnerText(const Machine& machine, const struct stat& file) {
  return absl::StrFormat("%s:%s, mode %04o", UserName(machine, file.st_uid),
                         GroupName(machine, file.st_gid), file.st_mode & 0777);
}

}  // namespace vios
