// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/machine.h"

#include <sys/utsname.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace vios::testing {
namespace {

std::string Processor() {
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  while (std::getline(info, line)) {
    if (absl::StartsWith(line, "model name")) {
      return line.substr(line.find(':') + 2);
    }
  }
  return "unknown processor";
}

}  // namespace

std::string Machine() {
  utsname system = {};
  ::uname(&system);
  return absl::StrCat(std::thread::hardware_concurrency(), " x ", Processor(),
                      ", Linux ", system.release);
}

std::string LoadAverage() {
  std::string text;
  std::ifstream("/proc/loadavg") >> text;
  return text;
}

std::string Date() {
  return absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone());
}

void Progress(const std::string& text) {
  std::fprintf(stderr, "\r%-78s", text.c_str());
  std::fflush(stderr);
}

}  // namespace vios::testing
