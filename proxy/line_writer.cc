// SPDX-License-Identifier: Apache-2.0
#include "proxy/line_writer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "channel/fd_io.h"

namespace vios {

namespace {

// At most PIPE_BUF: a pipe that poll calls writable takes so much at once, also
// a blocking one; of a socket it says less.
ssize_t WriteSome(int fd, absl::string_view text) {
  text = text.substr(0, PIPE_BUF);
  const ssize_t n =
      ::send(fd, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n >= 0 || errno != ENOTSOCK) return n;
  return ::write(fd, text.data(), text.size());
}

}  // namespace

void LineWriter::Write(absl::string_view line) {
  const Deadline patient = Deadline::After(patience_);
  absl::MutexLock lock(&mu_);
  const Deadline deadline = stuck_ ? Deadline::Passed() : patient;
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
    const ssize_t n = WriteSome(fd_, text);
    if (n > 0) {
      text.remove_prefix(static_cast<size_t>(n));
    } else if (n == 0 || !IsTransient(errno) || deadline.passed()) {
      break;
    }
  }
  return text;
}

}  // namespace vios
