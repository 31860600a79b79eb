// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SEND_BYTES_H_
#define VIOS_PROXY_PROXY_SEND_BYTES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"

namespace vios {

// Sends all of `bytes` on the non-blocking stream socket `fd`. Blocks until
// `deadline`, or until the Cancel of `wakeup` fires: DEADLINE_EXCEEDED and
// CANCELLED, with some of them sent or not. Other failures are the socket's.
absl::Status SendBytes(int fd, absl::string_view bytes, Deadline deadline,
                       Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SEND_BYTES_H_
