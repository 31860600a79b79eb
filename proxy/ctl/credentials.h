// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CTL_CREDENTIALS_H_
#define VIOS_PROXY_PROXY_CTL_CREDENTIALS_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "proxy/ctl/machine.h"

namespace vios {

// Whom the kernel asks when a file is opened. A value.
struct Credentials {
  uid_t uid = 0;
  std::set<gid_t> groups;
};

// Of a process ("123", "self"); nothing when there is none.
std::optional<Credentials> CredentialsOf(const Machine& machine,
                                         absl::string_view pid);

// Whether the mode of `file` allows `wanted`, of the bits 4, 2 and 1 as in a
// mode. Root may do everything. Access lists are not looked at.
bool Allows(const struct stat& file, const Credentials& who, mode_t wanted);

// Names from /etc/passwd and /etc/group, or the number.
std::string UserName(const Machine& machine, uid_t uid);
std::string GroupName(const Machine& machine, gid_t gid);
// "root:kvm, mode 0660"
std::string OwnerText(const Machine& machine, const struct stat& file);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CTL_CREDENTIALS_H_
