// SPDX-License-Identifier: Apache-2.0
#include "proxy/line_writer.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "channel/deadline.h"
#include "channel/fd_io.h"

namespace vios {

void LineWriter::Write(absl::string_view line) {
  absl::MutexLock lock(&mu_);
  begun_ = std::string(WriteOut(begun_));
  const absl::string_view left = begun_.empty() ? WriteOut(line) : line;
  if (left.size() == line.size()) {
    ++dropped_;
  } else {
    begun_ = std::string(left);
  }
}

absl::string_view LineWriter::WriteOut(absl::string_view text) const {
  Deadline deadline = Deadline::After(absl::ZeroDuration());
  bool begun = false;
  while (!text.empty()) {
    const ssize_t n = ::write(fd_, text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<size_t>(n));
      if (!std::exchange(begun, true)) deadline = Deadline::After(patience_);
    } else if (n == 0 || !IsTransient(errno) ||
               (errno != EINTR && ReadyBy(fd_, POLLOUT, deadline) == 0)) {
      break;
    }
  }
  return text;
}

}  // namespace vios
