// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ACTIVATION_H_
#define VIOS_PROXY_PROXY_ACTIVATION_H_

#include <optional>

#include "absl/status/statusor.h"
#include "channel/unique_fd.h"

namespace vios {

// The listener that systemd opened for this process (LISTEN_FDS, LISTEN_PID,
// which are taken out of the environment, so before the first thread), if there
// is one; as OpenListener() leaves it, but the socket stays systemd's, too.
// `first` is where such descriptors begin. FAILED_PRECONDITION with the line
// for the operator unless it is exactly one listening stream socket.
inline constexpr int kFirstActivationFd = 3;
absl::StatusOr<std::optional<UniqueFd>> TakeActivationListener(
    int first = kFirstActivationFd);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ACTIVATION_H_
