// SPDX-License-Identifier: Apache-2.0
#include "proxy/process_status.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace vios {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<uint64_t> Number(absl::string_view text) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

// The word at `index` behind `name` in the line that begins with it.
std::optional<uint64_t> WordOfLine(absl::string_view text,
                                   absl::string_view name, size_t index) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::ConsumePrefix(&line, name)) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    return index < words.size() ? Number(words[index]) : std::nullopt;
  }
  return std::nullopt;
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
      .max_fds = WordOfLine(ReadAll("/proc/self/limits"), "Max open files", 0),
      .threads = WordOfLine(status, "Threads:", 0),
      .resident_bytes = Times(WordOfLine(status, "VmRSS:", 0), 1024),
      .virtual_bytes = Times(WordOfLine(status, "VmSize:", 0), 1024)};
  timespec cpu = {};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0) {
    process.cpu_seconds = static_cast<double>(cpu.tv_sec) +
                          static_cast<double>(cpu.tv_nsec) / 1e9;
  }
  return process;
}

}  // namespace vios
