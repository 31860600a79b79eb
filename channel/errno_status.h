// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_ERRNO_STATUS_H_
#define VIOS_PROXY_CHANNEL_ERRNO_STATUS_H_

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {

// The status of a system call that just failed: "operation subject: strerror".
// Call it first thing after the call; nothing may touch errno in between, and
// so no argument may allocate: it might be made before errno is read.
// `error` is for one that was kept, or that was told in another way.
//
// What the codes mean in this project, so that callers can branch on them:
//   CANCELLED           we are stopping, or were told to give up
//   DEADLINE_EXCEEDED   the time is over
//   UNAVAILABLE         the far end is not attached, or left
//   RESOURCE_EXHAUSTED  descriptors, memory, threads or channels ran out
//   INTERNAL            a bug of ours
//   others              as absl::ErrnoToStatus maps errno
// The end of a stream is a value (0 bytes), not an error.
inline absl::Status ErrnoStatus(absl::string_view operation,
                                absl::string_view subject, int error = errno) {
  return absl::ErrnoToStatus(error, absl::StrCat(operation, " ", subject));
}

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_ERRNO_STATUS_H_
