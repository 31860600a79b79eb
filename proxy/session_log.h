// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_SESSION_LOG_H_
#define VIOS_PROXY_PROXY_SESSION_LOG_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "channel/deadline.h"
#include "proxy/log_fields.h"

namespace vios {

// The lines that sessions leave at their end, INFO, so bounded that no peer can
// flood the log: of what goes beyond kLinesPerSecond of one guest in a second
// only the number and the sum of the bytes are told. Thread-safe, blocks as
// long as a line of the log may; the memory is bounded by kMaxGuests, beyond
// which guests share one allowance.
class SessionLog {
 public:
  static constexpr int kLinesPerSecond = 10;
  static constexpr size_t kMaxGuests = 1024;

  // What a session carried, as its line says it.
  struct Bytes {
    uint64_t up = 0;
    uint64_t down = 0;
  };

  using Now = std::function<Clock::time_point()>;
  using Emit =
      std::function<void(absl::string_view message, const LogFields& fields)>;
  SessionLog();
  SessionLog(Now now, Emit emit);  // For tests.
  // Tells what was left to be told.
  ~SessionLog();

  // `session` is only asked for if it is shown.
  void Write(absl::string_view guest, absl::FunctionRef<LogFields()> session,
             Bytes bytes);
  // Tells the numbers of the seconds that are over. Call about once a second.
  void Tick();
  // Somebody else's line was left out, for the same reason.
  void NoteDropped() { ++dropped_; }
  // How many lines were left out so far.
  uint64_t dropped() const { return dropped_; }

 private:
  struct Second {
    Clock::time_point began;
    int lines = 0;
    uint64_t untold = 0;  // Sessions whose lines were not shown.
    Bytes untold_bytes;
  };
  using Seconds = std::map<std::string, Second, std::less<>>;
  struct Sum {  // Of the untold ones of a second that is over.
    std::string guest;
    uint64_t sessions = 0;
    Bytes bytes;
  };

  void TellUpTo(Clock::time_point now);
  void TellSum(const Sum& sum) const;
  Seconds::iterator Find(absl::string_view guest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Now now_;
  const Emit emit_;
  std::atomic<uint64_t> dropped_ = 0;
  absl::Mutex mu_;
  Seconds seconds_ ABSL_GUARDED_BY(mu_);  // The running second, by guest.
};

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_SESSION_LOG_H_
