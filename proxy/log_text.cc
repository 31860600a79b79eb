// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_text.h"

#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace vios {

std::string LogThread() {
  if (::gettid() == ::getpid()) return "main";  // Its own is the program's.
  char name[16] = "";
  (void)::pthread_getname_np(::pthread_self(), name, sizeof(name));
  // Part of it may be the name of a file, which may be anything.
  for (char* c = name; *c != '\0'; ++c) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(*c)) || *c == ']') {
      *c = '_';
    }
  }
  return name;
}

std::string LogTime(time_t seconds, long microseconds) {
  tm utc = {};
  ::gmtime_r(&seconds, &utc);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                         utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                         utc.tm_hour, utc.tm_min, utc.tm_sec, microseconds);
}

std::string LogTimeNow() {
  timeval now = {};
  ::gettimeofday(&now, nullptr);
  return LogTime(now.tv_sec, now.tv_usec);
}

std::string LogPrefix(absl::string_view time, absl::string_view level) {
  return absl::StrCat(time, " [", LogThread(), "] ", level);
}

std::string LogOneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) {
    if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      line += c;
    } else {
      absl::StrAppend(&line, "\\x",
                      absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    }
  }
  return line;
}

}  // namespace vios
