// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LANDLOCK_H_
#define VIOS_PROXY_PROXY_LANDLOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace vios {

// What stays allowed below a path once Landlock is in force. What Landlock does
// not govern (stat, connecting to a unix socket, inotify, descriptors that are
// open already) is not touched by any of it.
enum class PathAccess {
  kList,       // List directories; no file may be opened.
  kRead,       // And read files.
  kWriteLogs,  // And make, write and remove files and symlinks.
  kRemove,     // Remove files and sockets, nothing else.
};

struct LandlockRules {
  struct Path {
    std::string path;  // One that does not exist is left out.
    PathAccess access;
  };
  std::vector<Path> paths;
  // TCP ports to connect to; no TCP socket may be bound.
  std::vector<uint16_t> ports;
};

// The version of Landlock's interface in this kernel; 0 without any.
int LandlockVersion();

// Holds the calling thread, and every thread that it starts from now on, to
// `rules`, as far as this kernel's Landlock goes. For good. Needs
// PR_SET_NO_NEW_PRIVS. The version; UNIMPLEMENTED without Landlock. After any
// error nothing is in force.
absl::StatusOr<int> RestrictToPaths(const LandlockRules& rules);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LANDLOCK_H_
