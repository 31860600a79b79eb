// SPDX-License-Identifier: Apache-2.0
#include "proxy/thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mutex>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "channel/errno_status.h"

namespace vios {
namespace {

// Far more than any of ours uses. What is inherited, 8 MiB as a rule, counts
// for each thread where the kernel promises no more memory than there is.
constexpr size_t kStack = size_t{256} * 1024;

// Best effort. For threads that libraries start, too.
bool LimitStacks() {
  pthread_attr_t attributes;
  if (::pthread_getattr_default_np(&attributes) != 0) return false;
  const bool limited = ::pthread_attr_setstacksize(&attributes, kStack) == 0 &&
                       ::pthread_setattr_default_np(&attributes) == 0;
  (void)::pthread_attr_destroy(&attributes);
  return limited;
}

// What Abseil asks the system for when it needs room for such a record (16
// pages), with so much on top that one more step of a heap, a stack, a room or
// a channel's buffer does not get in between.
size_t RoomSize() {
  static const long page = ::sysconf(_SC_PAGESIZE);
  return 8 * 16 * static_cast<size_t>(page);
}

thread_local bool has_record = false;

// Abseil keeps a record of each thread that waits for a lock, made when it
// first does, and ends the process when the system has no memory for it then.
// This is the memory, kept for a thread until it makes its record.
class RoomForRecord {
 public:
  RoomForRecord() {
    const std::lock_guard<std::mutex> lock(OneAtATime());
    start_ = ::mmap(nullptr, RoomSize(), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  RoomForRecord(RoomForRecord&& other) noexcept
      : start_(std::exchange(other.start_, MAP_FAILED)) {}
  RoomForRecord& operator=(RoomForRecord&&) = delete;
  ~RoomForRecord() { GiveBack(); }

  // Look at errno when it is not.
  bool ok() const { return start_ != MAP_FAILED; }
  // For the calling thread, once.
  void MakeRecord() {
    const std::lock_guard<std::mutex> lock(OneAtATime());
    GiveBack();
    absl::Mutex mu;
    absl::CondVar never;
    absl::MutexLock waits(&mu);
    (void)never.WaitWithTimeout(&mu, absl::ZeroDuration());
    has_record = true;
  }

 private:
  // Not one of Abseil's, which would be waited for with a record.
  static std::mutex& OneAtATime() {
    static std::mutex mutex;
    return mutex;
  }
  void GiveBack() {
    if (ok()) (void)::munmap(std::exchange(start_, MAP_FAILED), RoomSize());
  }

  void* start_;
};

// For the calling thread. False, and errno set, when there is no memory.
bool EnsureRecord() {
  if (has_record) return true;
  RoomForRecord room;
  if (!room.ok()) return false;
  room.MakeRecord();
  return true;
}

void SetThreadName(absl::string_view name) {
  const std::string kept(name.substr(0, 15));
  (void)::pthread_setname_np(::pthread_self(), kept.c_str());
}

}  // namespace

void SetWokenThread(WokenThread kind) {
  const int now = ::sched_getscheduler(0);
  if (now != SCHED_OTHER && now != SCHED_BATCH) return;  // The operator's wish.
  const sched_param none = {};
  const bool patient = kind == WokenThread::kPatient;
  (void)::sched_setscheduler(0, patient ? SCHED_BATCH : SCHED_OTHER, &none);
}

absl::StatusOr<std::thread> StartThread(const std::string& name,
                                        std::function<void()> run) {
  static const bool limited = LimitStacks();
  (void)limited;
  if (!EnsureRecord()) return ErrnoStatus("start thread", name);
  RoomForRecord room;
  if (!room.ok()) return ErrnoStatus("start thread", name);
  try {  // The one thing of the standard library that fails by throwing.
    return std::thread(
        [name, room = std::move(room), run = std::move(run)]() mutable {
          room.MakeRecord();
          SetThreadName(name);
          run();
        });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("start thread ", name, ": ", error.code().message()));
  }
}

}  // namespace vios
