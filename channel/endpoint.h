// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ENDPOINT_H_
#define VIOS_PROXY_CHANNEL_ENDPOINT_H_

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "channel/unique_fd.h"

namespace vios {

enum class EndpointKind { kDevice, kSocket };

// One end of a channel as a directory shows it. A value.
struct Endpoint {
  std::string guest;  // Whose channel it is; empty in the guest daemon.
  std::string name;   // The file's name.
  std::string path;   // What is opened.
  EndpointKind kind = EndpointKind::kDevice;
  // Identity: of the socket, or of the device that a symlink leads to. All
  // zero: not known.
  dev_t dev = 0;
  ino_t ino = 0;
  dev_t rdev = 0;

  bool has_identity() const { return dev != 0 || ino != 0; }
  // False for one that came back under the same name: that is a new one.
  bool SameThing(const Endpoint& other) const {
    return path == other.path && kind == other.kind && dev == other.dev &&
           ino == other.ino && rdev == other.rdev;
  }
};

// The longest path that a unix socket's address holds, in bytes.
inline constexpr size_t kMaxSocketPath = 107;

// The only ways in which a path becomes a descriptor of a channel. The result
// is non-blocking and close-on-exec. None of them blocks; all are thread-safe.
// Codes, for both kinds:
//   NOT_FOUND            gone, or something else by now
//   PERMISSION_DENIED    EACCES, EPERM
//   FAILED_PRECONDITION  another process holds the port (EBUSY)
//   UNAVAILABLE          try again later: nobody listens, or the driver is not
//                        ready (ENXIO)
//   ABORTED              likewise: somebody listens, whose backlog is full
//   INVALID_ARGUMENT     the path is longer than kMaxSocketPath, no stream
//                        socket, or no character device
//   RESOURCE_EXHAUSTED   descriptors or memory ran out
absl::StatusOr<UniqueFd> OpenDevice(const std::string& path);
// Never through a symlink at the end of `path`. A connection says nothing about
// whether QEMU attends to it: it may wait behind another one.
absl::StatusOr<UniqueFd> ConnectSocket(const std::string& path);
// By its kind. A socket only if it is still the one that was listed: a
// directory above it may have been exchanged for a symlink to somebody else's.
absl::StatusOr<UniqueFd> Open(const Endpoint& endpoint);

// One line that says what the operator may do about `failure` of Open(); empty
// when there is nothing but to wait.
std::string AdviceFor(const absl::Status& failure, const Endpoint& endpoint);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ENDPOINT_H_
