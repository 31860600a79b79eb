// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_H_
#define VIOS_PROXY_PROXY_LOG_H_

#include <ostream>
#include <sstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proxy/log_fields.h"

namespace vios {

// The manual's levels, the most severe first. Lines look like
//   2026-11-23T01:02:03.456789Z [thread-name] LEVEL message
// or are JSON objects that say the same, and the fields (proxy/log_json.h), on
// stderr alone: glog's files begin with a header.
// All of this is thread-safe, but for InitLogging().
enum class LogLevel { kFatal, kAlert, kError, kWarn, kNotice, kInfo, kDebug };

absl::string_view LogLevelName(LogLevel level);  // "FATAL" ... "DEBUG"
// In any case. INVALID_ARGUMENT, without a message, for any other text.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view name);

// Shows `level` and what is more severe; at first kInfo.
void SetLogLevel(LogLevel level);
bool LogEnabled(LogLevel level);

// Once, before the first line and the first thread, with glog's flags and
// SetLogFormat() (proxy/log_stderr.h) called: to stderr, or to files when
// --log_dir says where, and then to stderr from ERROR up.
void InitLogging(const std::string& program);

// Begins new log files, for whoever has moved the old ones away. Where none can
// be made it says why, and lines go to stderr until a later call can.
absl::Status ReopenLogs();

// One FATAL line and exit status 1 on the spot, whatever the other threads are
// doing. For what the operator has to set right: no core, no stack trace.
[[noreturn]] void FatalExit(absl::string_view message);

// One line being written; comes out when it is destroyed. See VIOS_LOG.
class LogLine {
 public:
  explicit LogLine(LogLevel level) : level_(level) {}
  LogLine(const LogLine&) = delete;
  LogLine& operator=(const LogLine&) = delete;
  ~LogLine();

  template <typename T>
  LogLine& operator<<(const T& part) {
    text_ << part;
    return *this;
  }
  // Fields for machines, in JSON alone: the text says the same in its own way.
  LogLine& With(const LogFields& fields);
  LogLine& With(absl::string_view name, absl::string_view word);
  // Fields for everybody: "text: a=b c=d" where lines are text.
  LogLine& Tell(absl::string_view text, const LogFields& fields);

 private:
  const LogLevel level_;
  std::ostringstream text_;
  LogFields fields_;
};

}  // namespace vios

// VIOS_LOG(kInfo) << "text"; what follows is evaluated only if it is shown.
#define VIOS_LOG(level)                                                \
  for (bool vios_log_on = ::vios::LogEnabled(::vios::LogLevel::level); \
       vios_log_on; vios_log_on = false)                               \
  ::vios::LogLine(::vios::LogLevel::level)

#endif  // VIOS_PROXY_PROXY_LOG_H_
