// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_PROCESS_FIGURES_H_
#define VIOS_PROXY_TESTING_PROCESS_FIGURES_H_

#include <sys/resource.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "channel/sanitizer.h"

namespace vios::testing {

// What this process takes from its system, by /proc; for tests with both
// daemons in one process. All of it includes the test itself.

inline size_t OpenDescriptors() {
  using Entries = std::filesystem::directory_iterator;
  return static_cast<size_t>(std::distance(Entries("/proc/self/fd"), {}));
}

// Of every thread.
inline std::multiset<std::string> ThreadNames() {
  std::multiset<std::string> names;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    names.insert(name);
  }
  return names;
}

inline size_t ResidentBytes() {
  size_t total = 0;
  size_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * 4096;
}

// User and system time since the start.
inline absl::Duration CpuTime() {
  rusage usage = {};
  (void)::getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) +
         absl::DurationFromTimeval(usage.ru_stime);
}

// How often any thread has gone to sleep by itself since the start.
inline int64_t Sleeps() {
  rusage usage = {};
  (void)::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

// Whether memory may be counted: a sanitizer keeps what was freed.
inline bool MemoryCounts() { return !kAddressSanitizer; }

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_PROCESS_FIGURES_H_
