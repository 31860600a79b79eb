// SPDX-License-Identifier: Apache-2.0
#include "proxy/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"

namespace vios {
namespace {

// The headers of the C library know the first versions only; the rest is as
// in the kernel's documentation of this interface.
constexpr int kVersionWithTcp = 4;
constexpr int kVersionWithScopes = 6;
constexpr uint64_t kFirstFileRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr uint64_t kRefer = LANDLOCK_ACCESS_FS_MAKE_SYM << 1;  // Version 2.
constexpr uint64_t kTruncate = kRefer << 1;                    // Version 3.
constexpr uint64_t kIoctlDevice = kTruncate << 1;              // Version 5.
constexpr uint64_t kBindTcp = 1, kConnectTcp = 2;
constexpr uint64_t kAbstractUnixSockets = 1, kSignals = 2;
constexpr int kRulePort = 2;

struct RulesetAttributes {
  uint64_t handled_files = 0;
  uint64_t handled_ports = 0;
  uint64_t scoped = 0;
};

struct PortAttributes {
  uint64_t allowed;
  uint64_t port;
};

RulesetAttributes WhatIsHandled(int version) {
  RulesetAttributes handled;
  handled.handled_files = kFirstFileRights;
  if (version >= 2) handled.handled_files |= kRefer;
  if (version >= 3) handled.handled_files |= kTruncate;
  if (version >= 5) handled.handled_files |= kIoctlDevice;
  if (version >= kVersionWithTcp)
    handled.handled_ports = kBindTcp | kConnectTcp;
  if (version >= kVersionWithScopes) {
    handled.scoped = kAbstractUnixSockets | kSignals;
  }
  return handled;
}

uint64_t RightsOf(PathAccess access) {
  const uint64_t list = LANDLOCK_ACCESS_FS_READ_DIR;
  const uint64_t read = list | LANDLOCK_ACCESS_FS_READ_FILE;
  switch (access) {
    case PathAccess::kList:
      return list;
    case PathAccess::kRead:
      return read;
    case PathAccess::kWriteLogs:
      return read | LANDLOCK_ACCESS_FS_WRITE_FILE |
             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM |
             LANDLOCK_ACCESS_FS_REMOVE_FILE | kTruncate;
    case PathAccess::kRemove:
      return LANDLOCK_ACCESS_FS_REMOVE_FILE;
  }
  return 0;
}

long AddRule(const UniqueFd& ruleset, int type, const void* rule) {
  return ::syscall(SYS_landlock_add_rule, ruleset.get(), type, rule, 0);
}

// For us, now: then there is nothing to allow.
bool IsNotThere(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES;
}

absl::Status AllowPath(const UniqueFd& ruleset, uint64_t handled,
                       const LandlockRules::Path& rule) {
  const UniqueFd path(::open(rule.path.c_str(), O_PATH | O_CLOEXEC));
  if (!path.ok() && IsNotThere(errno)) return absl::OkStatus();
  struct stat info = {};
  if (!path.ok() || ::fstat(path.get(), &info) != 0) {
    return ErrnoStatus("open", rule.path);
  }
  uint64_t rights = RightsOf(rule.access) & handled;
  // The kernel refuses rights that a plain file cannot have.
  if (!S_ISDIR(info.st_mode)) {
    rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
  }
  if (rights == 0) return absl::OkStatus();
  const landlock_path_beneath_attr allowed = {rights, path.get()};
  if (AddRule(ruleset, LANDLOCK_RULE_PATH_BENEATH, &allowed) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("landlock_add_rule", rule.path);
}

absl::Status AllowPort(const UniqueFd& ruleset, uint16_t port) {
  const std::string name = absl::StrCat(port);  // Now: it may change errno.
  const PortAttributes allowed = {kConnectTcp, port};
  if (AddRule(ruleset, kRulePort, &allowed) == 0) return absl::OkStatus();
  return ErrnoStatus("landlock_add_rule port", name);
}

absl::StatusOr<UniqueFd> NewRuleset(const LandlockRules& rules, int version) {
  const RulesetAttributes handled = WhatIsHandled(version);
  // A kernel that does not know the last fields takes them as long as they are
  // zero.
  UniqueFd ruleset(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
  if (!ruleset.ok()) return ErrnoStatus("landlock_create_ruleset", "paths");
  absl::Status status;
  for (const LandlockRules::Path& path : rules.paths) {
    status.Update(AllowPath(ruleset, handled.handled_files, path));
  }
  if (handled.handled_ports != 0) {
    for (const uint16_t port : rules.ports) {
      status.Update(AllowPort(ruleset, port));
    }
  }
  if (!status.ok()) return status;
  return ruleset;
}

}  // namespace

int LandlockVersion() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0,
                                 LANDLOCK_CREATE_RULESET_VERSION);
  return static_cast<int>(std::max(version, 0L));
}

absl::StatusOr<int> RestrictToPaths(const LandlockRules& rules) {
  const int version = LandlockVersion();
  if (version == 0) {
    return absl::UnimplementedError("this kernel has none");
  }
  absl::StatusOr<UniqueFd> ruleset = NewRuleset(rules, version);
  if (!ruleset.ok()) return ruleset.status();
  if (::syscall(SYS_landlock_restrict_self, ruleset->get(), 0) != 0) {
    return ErrnoStatus("landlock_restrict_self", "paths");
  }
  return version;
}

}  // namespace vios
