// SPDX-License-Identifier: Apache-2.0
#include "proxy/send_bytes.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "channel/errno_status.h"
#include "channel/fd_io.h"

namespace vios {

absl::Status SendBytes(int fd, absl::string_view bytes, Deadline deadline,
                       Wakeup& wakeup) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
      continue;
    }
    if (!IsTransient(errno)) return ErrnoStatus("send", "socket");
    absl::Status waited = WaitFor(fd, POLLOUT, deadline, wakeup);
    if (!waited.ok()) return waited;
  }
  return absl::OkStatus();
}

}  // namespace vios
