// SPDX-License-Identifier: Apache-2.0
#include "proxy/confine.h"

#include <fcntl.h>
#include <sys/prctl.h>

#include <filesystem>
#include <iterator>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "proxy/directory_to_read.h"
#include "proxy/log.h"

namespace vios {
namespace {

constexpr uint16_t kDnsPort = 53;

bool LooksUpNames(const HostOptions& options) {
  return !options.service.literal().has_value();
}

// The directory, and whatever is above it, may be removed and made again, while
// a rule stays with the directory that it was made for. So the rule is for the
// highest one above it, which stays: /tmp or /run. Only listing is allowed, and
// what a directory holds is little to know.
std::string HighestAbove(const std::string& directory) {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::canonical(directory, error).relative_path();
  const bool in_root = std::distance(path.begin(), path.end()) < 2;
  return in_root ? "/" : absl::StrCat("/", path.begin()->string());
}

// For the C library, which reads files of /etc that are replaced, not written,
// when the network changes, and loads libraries.
void AddNameService(LandlockRules& rules) {
  for (const char* path :
       {"/etc", "/lib", "/lib64", "/usr/lib", "/usr/lib64",
        "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"}) {
    rules.paths.push_back({path, PathAccess::kRead});
  }
  for (const char* path :
       {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"}) {
    const auto directory = DirectoryToRead(path);
    if (directory) rules.paths.push_back({*directory, PathAccess::kRead});
  }
  rules.ports.push_back(kDnsPort);
}

// One part of the line that says what is in force.
struct Layer {
  std::string text;
  bool is_missing = false;
};

Layer Missing(const char* what, const absl::Status& status) {
  return {absl::StrCat("no ", what, " (", status.message(), ")"), true};
}

Layer UnderLandlock(const HostOptions& options,
                    const Confinement& confinement) {
  if (!confinement.landlock) return {"no Landlock (--landlock=false)"};
  // A rule is for an inode, and /proc/self gets another one whenever the kernel
  // has forgotten it: not while it is open.
  static const auto* const kept =
      new UniqueFd(::open("/proc/self", O_PATH | O_CLOEXEC));
  (void)kept;
  const absl::StatusOr<int> version =
      RestrictToPaths(PathsOfHost(options, confinement));
  if (!version.ok()) return Missing("Landlock", version.status());
  return {absl::StrCat("Landlock version ", *version)};
}

Layer UnderSeccomp(const HostOptions& options, const Confinement& confinement) {
  if (!confinement.seccomp) return {"no seccomp filter (--seccomp=false)"};
  const absl::Status status =
      FilterSystemCalls(CallsOfHost(options, confinement));
  if (!status.ok()) return Missing("seccomp filter", status);
  return {"a seccomp filter"};
}

}  // namespace

absl::Status ForgoPrivileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return absl::OkStatus();
  return ErrnoStatus("prctl", "PR_SET_NO_NEW_PRIVS");
}

LandlockRules PathsOfHost(const HostOptions& options,
                          const Confinement& confinement) {
  LandlockRules rules;
  rules.paths = {
      {HighestAbove(options.directory), PathAccess::kList},
      // Of the C library: the time zone, processors and the heap.
      {"/etc/localtime", PathAccess::kRead},
      {"/sys/devices/system/cpu", PathAccess::kRead},
      {"/proc/sys/vm/overcommit_memory", PathAccess::kRead},
      // Our own: names for a stack trace, figures.
      {"/proc/self", PathAccess::kRead},
  };
  if (!confinement.log_directory.empty()) {
    rules.paths.push_back({confinement.log_directory, PathAccess::kWriteLogs});
  }
  if (!confinement.socket.empty()) {
    const std::filesystem::path socket = confinement.socket;
    rules.paths.push_back({socket.parent_path(), PathAccess::kRemove});
  }
  if (LooksUpNames(options)) AddNameService(rules);
  if (!options.service.is_unix()) rules.ports.push_back(options.service.port());
  return rules;
}

SeccompRules CallsOfHost(const HostOptions& options,
                         const Confinement& confinement) {
  return {.looks_up_names = LooksUpNames(options),
          .writes_log_files = !confinement.log_directory.empty(),
          .removes_socket = !confinement.socket.empty()};
}

void ConfineHost(const HostOptions& options, const Confinement& confinement) {
  // In this order: the filter leaves no calls to change either.
  const Layer landlock = UnderLandlock(options, confinement);
  const Layer seccomp = UnderSeccomp(options, confinement);
  const std::string text =
      absl::StrCat("confined to: ", landlock.text, ", ", seccomp.text);
  if (landlock.is_missing || seccomp.is_missing) {
    VIOS_LOG(kWarn) << text;
  } else {
    VIOS_LOG(kNotice) << text;
  }
}

}  // namespace vios
