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

namespace vios {

// Writes lines to a descriptor, one after the other and each whole, also where
// they are taken in pieces. One that is not taken at all is dropped and
// counted. Thread-safe.
class LineWriter {
 public:
  // `fd` outlives it. `patience`: how long the rest of a line that has been
  // begun is waited for, when `fd` is non-blocking and full; what is still left
  // then goes in front of the next line.
  explicit LineWriter(int fd, absl::Duration patience = absl::Seconds(1))
      : fd_(fd), patience_(patience) {}

  // `line` ends with a newline. When `fd` blocks, so does this while nobody
  // reads.
  void Write(absl::string_view line);
  uint64_t dropped() const { return dropped_; }

 private:
  // What of `text` is left.
  absl::string_view WriteOut(absl::string_view text) const;

  const int fd_;
  const absl::Duration patience_;
  absl::Mutex mu_;
  std::string begun_ ABSL_GUARDED_BY(mu_);  // The rest of a line.
  std::atomic<uint64_t> dropped_ = 0;
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LINE_WRITER_H_
