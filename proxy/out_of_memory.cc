// SPDX-License-Identifier: Apache-2.0
#include "proxy/out_of_memory.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <new>
#include <utility>

#include "channel/deadline.h"
#include "channel/fd_io.h"

namespace vios {
namespace {

constexpr timespec kNap = {0, 100'000'000};
constexpr int kNapsUnheeded = 20;
constexpr time_t kSecondsBetweenLines = 60;
constexpr std::chrono::seconds kShortAfterAWait(5);

std::atomic<time_t> told_at = 0;
// At first long before the clock's zero, which is the boot.
std::atomic<Clock::time_point> waited_at =
    Clock::time_point(std::chrono::hours(-24));

std::atomic<Clock::time_point> end_at = Clock::time_point::max();

// Of the main thread, which alone touches it.
std::function<void()>& Meanwhile() {
  static auto* const meanwhile = new std::function<void()>;
  return *meanwhile;
}

// As a line of the log, but without memory for one.
void Tell(const char* text) {
  const time_t now = ::time(nullptr);
  tm utc = {};
  ::gmtime_r(&now, &utc);
  char when[32] = "", thread[16] = "", line[160];
  (void)std::strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
  (void)::pthread_getname_np(::pthread_self(), thread, sizeof thread);
  const int size =
      std::snprintf(line, sizeof line, "%s [%s] %s\n", when, thread, text);
  if (StaysFull(STDERR_FILENO, Deadline::Passed())) return;
  (void)!::write(STDERR_FILENO, line, static_cast<size_t>(size));
}

void TellOfWait() {
  const time_t now = ::time(nullptr);
  time_t last = told_at.load();
  if (last != 0 && now - last < kSecondsBetweenLines) return;
  if (!told_at.compare_exchange_strong(last, now)) return;
  Tell("ERROR out of memory: threads wait until there is some");
}

// The main thread takes these as they come, unless it waits for memory, too, or
// for somebody who does.
bool ToldToStop() {
  sigset_t pending;
  ::sigemptyset(&pending);
  return ::sigpending(&pending) == 0 &&
         (::sigismember(&pending, SIGTERM) == 1 ||
          ::sigismember(&pending, SIGINT) == 1);
}

[[noreturn]] void End(const char* why) {
  Tell(why);
  ::_exit(1);
}

// operator new and PageBuffer call the handler of the moment, and try again
// when it returns. Nothing rings when memory is free, so this is a sleep.
void Nap() {
  thread_local int unheeded = 0;
  waited_at = Clock::now();
  TellOfWait();
  if (::gettid() == ::getpid()) Meanwhile()();
  unheeded = ToldToStop() ? unheeded + 1 : 0;
  if (unheeded > kNapsUnheeded || Deadline::At(end_at).passed()) {
    End("FATAL out of memory: too little to stop");
  }
  (void)::nanosleep(&kNap, nullptr);
}

}  // namespace

void ExitOnOutOfMemory() {
  std::set_new_handler([] { End("FATAL out of memory"); });
}

void WaitOnOutOfMemory(std::function<void()> meanwhile, Deadline end) {
  Meanwhile() = std::move(meanwhile);
  end_at = end.when();
  std::set_new_handler(&Nap);
}

bool MemoryIsShort() {
  return Clock::now() - waited_at.load() < kShortAfterAWait;
}

}  // namespace vios
