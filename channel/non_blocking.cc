// SPDX-License-Identifier: Apache-2.0
#include "channel/non_blocking.h"

#include <fcntl.h>

#include "channel/errno_status.h"

namespace vios {

absl::Status MakeNonBlocking(int fd, const NonBlockingWording& wording,
                             absl::string_view subject) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return ErrnoStatus(wording.get, subject);
  if ((flags & O_NONBLOCK) != 0) return absl::OkStatus();
  if (::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0) return absl::OkStatus();
  return ErrnoStatus(wording.set, subject);
}

}  // namespace vios
