// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SECCOMP_FILTER_H_
#define VIOS_PROXY_PROXY_SECCOMP_FILTER_H_

#include <linux/filter.h>

#include <vector>

#include "absl/status/status.h"

namespace vios {

// What the host daemon does only when it is told to.
struct SeccompRules {
  // Resolves the service's name: libraries of the name service are loaded, and
  // the kernel is asked for the machine's addresses.
  bool looks_up_names = false;
  bool writes_log_files = false;
  bool removes_socket = false;
};

// The filter: which system calls the running host daemon may make, with which
// arguments. All others fail with EPERM, since killing would let whoever finds
// a rare path of the C library end the sessions of everybody else's guest,
// while a call that is refused gains an intruder nothing. Calls that we do not
// know at all fail with ENOSYS, so that a newer C library falls back to those
// that we do. A call of another architecture kills the process. Pure, but for
// the process's ID that is part of it. Empty for an architecture that it has
// not been written for.
std::vector<sock_filter> SeccompProgram(const SeccompRules& rules);

// Holds all threads of the process to it, for good. Needs
// PR_SET_NO_NEW_PRIVS. UNIMPLEMENTED where kernel or architecture do not have
// it; after any error nothing is in force.
absl::Status FilterSystemCalls(const SeccompRules& rules);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SECCOMP_FILTER_H_
