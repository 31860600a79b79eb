// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_TEXT_H_
#define VIOS_PROXY_PROXY_LOG_TEXT_H_

#include <ctime>
#include <string>

#include "absl/strings/string_view.h"

namespace vios {

// The parts of a line of the log as text, for stderr and for glog's files:
//   TIME [THREAD] LEVEL message
// All of this is thread-safe.

// The name of the calling thread, "main" for the first: one word, with '_' for
// what would end it.
std::string LogThread();

// RFC 3339, UTC, with six decimals: 2026-11-23T01:02:03.456789Z.
std::string LogTime(time_t seconds, long microseconds);
std::string LogTimeNow();

// What is in front of the message, for the calling thread; no space behind it.
std::string LogPrefix(absl::string_view time, absl::string_view level);

// The names of files may hold anything, and are no reason for a second line,
// nor to tell a terminal what to do: what is not printable ASCII becomes \xHH.
std::string LogOneLine(absl::string_view text);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LOG_TEXT_H_
