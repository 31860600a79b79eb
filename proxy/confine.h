// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_CONFINE_H_
#define VIOS_PROXY_PROXY_CONFINE_H_

#include <string>

#include "absl/status/status.h"
#include "proxy/landlock.h"
#include "proxy/options.h"
#include "proxy/seccomp_filter.h"

namespace vios {

// What a daemon may still do once it runs, so that a guest that takes it over
// has won little.

// Neither we nor what we might execute ever get more privileges than we have.
// For both daemons, before the first thread. Fails only on kernels that are
// older than all of this.
absl::Status ForgoPrivileges();

// What keeps the host daemon from what it has no business with.
struct Confinement {
  bool landlock = true;
  bool seccomp = true;
  std::string log_directory;  // Empty: logs go to stderr.
  // The path of a unix socket that listens and is removed at the end, or empty.
  std::string socket;
};

// The rules for a host daemon with these `options`, whose directory exists.
LandlockRules PathsOfHost(const HostOptions& options,
                          const Confinement& confinement);
SeccompRules CallsOfHost(const HostOptions& options,
                         const Confinement& confinement);

// Confines the host daemon for good and says in a line what is in force: WARN
// when the kernel cannot do what is wanted, which is no reason to stop. Before
// the first thread: Landlock holds the threads that are started later. All
// that the rules do not know has to be open by now: the lock, and sockets that
// listen.
void ConfineHost(const HostOptions& options, const Confinement& confinement);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_CONFINE_H_
