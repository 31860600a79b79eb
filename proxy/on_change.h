// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_ON_CHANGE_H_
#define VIOS_PROXY_PROXY_ON_CHANGE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/deadline.h"

namespace vios {

// Remembers what was last told about one thing, so that a failure which is met
// again and again is told once, and one that comes and goes, rarely; that it is
// over is told whenever it was. Thread-safe.
class OnChange {
 public:
  explicit OnChange(absl::Duration quiet = absl::Seconds(5)) : quiet_(quiet) {}

  // True if `text` is to be told now: it differs from what was told last and,
  // if it is a failure, `quiet` has passed since the last one was told. Empty
  // text means that all is well, as at first. That may be told at any time:
  // else the same failure, days later, would be no news.
  bool ShouldTell(absl::string_view text) {
    absl::MutexLock lock(&mu_);
    if (told_ == text) return false;
    if (!text.empty()) {
      if (!next_.passed()) return false;
      next_ = Deadline::After(quiet_);
    }
    told_ = std::string(text);
    return true;
  }
  // Of what is not told when it is over.
  void AllIsWell() { (void)ShouldTell(""); }

 private:
  const absl::Duration quiet_;
  absl::Mutex mu_;
  std::string told_ ABSL_GUARDED_BY(mu_);
  Deadline next_ ABSL_GUARDED_BY(mu_) = Deadline::Passed();
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_ON_CHANGE_H_
