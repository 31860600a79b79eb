// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LINE_WRITER_H_
#define VIOS_PROXY_PROXY_LINE_WRITER_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios {

// Writes lines to a descriptor, one after the other and each whole, also where
// they are taken in pieces. One that is not taken at all is dropped and
// counted. Thread-safe.
class LineWriter {
 public:
  // `fd` outlives it. It may block, but then a pipe or terminal must have no
  // other writers. A line waits up to `patience` for a full `fd`, and for those
  // in front of it; the rest of a line that was begun goes in front of the next
  // one. After one time-out no line waits until `fd` takes something again.
  explicit LineWriter(int fd, absl::Duration patience = absl::Seconds(1))
      : fd_(fd), patience_(patience) {}

  // `line` ends with a newline. Blocks for about `patience` at most.
  void Write(absl::string_view line);
  uint64_t dropped() const { return dropped_; }

 private:
  // What of `text` is left.
  absl::string_view WriteOut(absl::string_view text, Deadline deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const int fd_;
  const absl::Duration patience_;
  absl::Mutex mu_;
  std::string begun_ ABSL_GUARDED_BY(mu_);  // The rest of a line.
  bool stuck_ ABSL_GUARDED_BY(mu_) = false;
  std::atomic<uint64_t> dropped_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LINE_WRITER_H_
