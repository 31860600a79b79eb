// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SESSION_LOG_H_
#define VIOS_PROXY_PROXY_SESSION_LOG_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"

namespace vios {

// The lines that sessions leave at their end, INFO, so bounded that no peer can
// flood the log: of what goes beyond kLinesPerSecond of one guest in a second
// only the number is told. Thread-safe, does not block; the memory is bounded
// by kMaxGuests, beyond which guests share one allowance.
class SessionLog {
 public:
  static constexpr int kLinesPerSecond = 10;
  static constexpr size_t kMaxGuests = 1024;

  using Now = std::function<Clock::time_point()>;
  using Emit = std::function<void(const std::string& line)>;
  SessionLog();
  SessionLog(Now now, Emit emit);  // For tests.

  void Write(absl::string_view guest, absl::string_view line);
  // Tells the numbers of the seconds that are over. Call about once a second.
  void Tick();

 private:
  struct Second {
    Clock::time_point began;
    int lines = 0;
  };
  using Seconds = std::map<std::string, Second, std::less<>>;

  Seconds::iterator Find(absl::string_view guest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Now now_;
  const Emit emit_;
  absl::Mutex mu_;
  Seconds seconds_ ABSL_GUARDED_BY(mu_);  // The running second, by guest.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SESSION_LOG_H_
