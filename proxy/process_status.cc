// SPDX-License-Identifier: Apache-2.0
#include "proxy/process_status.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "proxy/labelled_numbers.h"

namespace vios {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<uint64_t> CountFds() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  uint64_t count = 0;
  for (; !error && entry != std::filesystem::directory_iterator();
       entry.increment(error)) {
    ++count;
  }
  // The one that lists is not counted.
  return error || count == 0 ? std::nullopt : std::make_optional(count - 1);
}

std::optional<uint64_t> Times(std::optional<uint64_t> number, uint64_t factor) {
  if (!number) return std::nullopt;
  return *number * factor;
}

}  // namespace

ProcessStatus ReadProcessStatus() {
  const std::string status = ReadAll("/proc/self/status");
  ProcessStatus process = {
      .open_fds = CountFds(),
      .max_fds = NumberBehind(ReadAll("/proc/self/limits"), "Max open files"),
      .threads = NumberBehind(status, "Threads:"),
      .resident_bytes = Times(NumberBehind(status, "VmRSS:"), 1024),
      .virtual_bytes = Times(NumberBehind(status, "VmSize:"), 1024)};
  timespec cpu = {};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0) {
    process.cpu_seconds = static_cast<double>(cpu.tv_sec) +
                          static_cast<double>(cpu.tv_nsec) / 1e9;
  }
  return process;
}

}  // namespace vios
