// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_NON_BLOCKING_H_
#define VIOS_PROXY_CHANNEL_NON_BLOCKING_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace vios {

// How the manual page words the failure of either call.
struct NonBlockingWording {
  absl::string_view get;
  absl::string_view set;
};
inline constexpr NonBlockingWording kProxyServiceWording = {
    "Proxy service fcntl(F_GETFL):", "Proxy service fcntl(F_SETFL):"};
inline constexpr NonBlockingWording kHostChannelWording = {
    "fcntl(F_GETFL) on host channel:", "fcntl(F_SETFL) on host channel"};

// Makes sure that `fd` does not block: on a port that does, a read can sleep
// with data in hand. The message of an error begins with `wording` and names
// `subject`. Thread-safe, does not block.
absl::Status MakeNonBlocking(int fd, const NonBlockingWording& wording,
                             absl::string_view subject);

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_NON_BLOCKING_H_
