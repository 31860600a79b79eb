// SPDX-License-Identifier: Apache-2.0
#include "proxy/line_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "channel/fd_io.h"

namespace vios {

void LineWriter::Write(absl::string_view line) {
  absl::MutexLock lock(&mu_);
  const Deadline deadline =
      Deadline::After(stuck_ ? absl::ZeroDuration() : patience_);
  begun_ = std::string(WriteOut(begun_, deadline));
  const absl::string_view left =
      begun_.empty() ? WriteOut(line, deadline) : line;
  if (left.size() == line.size()) {
    ++dropped_;
  } else {
    begun_ = std::string(left);
  }
}

absl::string_view LineWriter::WriteOut(absl::string_view text,
                                       Deadline deadline) {
  while (!text.empty()) {
    stuck_ = StaysFull(fd_, deadline);
    if (stuck_) break;
    // A pipe with room takes so much without blocking, whatever its mode.
    const ssize_t n =
        ::write(fd_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (n > 0) {
      text.remove_prefix(static_cast<size_t>(n));
    } else if (n == 0 || !IsTransient(errno) || deadline.passed()) {
      break;
    }
  }
  return text;
}

}  // namespace vios
