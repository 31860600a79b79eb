// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LIMITED_LINES_H_
#define VIOS_PROXY_PROXY_LIMITED_LINES_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "proxy/pacer.h"
#include "proxy/session_log.h"

namespace vios {

// The bound on lines of one kind that clients cause: whoever may connect must
// not be able to fill the disk. As many as sessions may have; of the rest the
// caller tells the number. Thread-safe, never blocks.
class LimitedLines {
 public:
  // `log` counts what is left out, and outlives it.
  explicit LimitedLines(SessionLog& log) : log_(log) {}

  // Whether the caller may write a line now; else it is left out.
  bool MayWrite() {
    if (lines_.Take()) return true;
    log_.NoteDropped();
    ++left_out_;
    return false;
  }
  // How many were left out, for a line that says so; 0 while the last such line
  // is not a second old, unless `last`. Call now and then, and at the end.
  uint64_t TakeLeftOut(bool last = false) {
    if (left_out_ == 0 || (!last && !sums_.Take())) return 0;
    return left_out_.exchange(0);
  }

 private:
  SessionLog& log_;
  Pacer lines_{SessionLog::kLinesPerSecond, absl::Seconds(1)};
  Pacer sums_{1, absl::Seconds(1)};
  std::atomic<uint64_t> left_out_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LIMITED_LINES_H_
