// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.h"

#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "glog/logging.h"

namespace vios {
namespace {

constexpr std::array<absl::string_view, 7> kNames = {
    "FATAL", "ALERT", "ERROR", "WARN", "NOTICE", "INFO", "DEBUG"};

std::atomic<LogLevel> shown_level = LogLevel::kInfo;
std::atomic<bool> initialized = false;

// glog knows four levels; ours goes round it to the prefix of the line. Empty
// for lines that do not come from us, such as a failed CHECK.
thread_local std::optional<LogLevel> line_level;

std::string ThreadName() {
  if (::gettid() == ::getpid()) return "main";  // Its own is the program's.
  char name[16] = "";
  (void)::pthread_getname_np(::pthread_self(), name, sizeof(name));
  return name;
}

std::string Prefix(time_t seconds, long microseconds, absl::string_view level) {
  tm utc = {};
  ::gmtime_r(&seconds, &utc);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ [%s] %s",
                         utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                         utc.tm_hour, utc.tm_min, utc.tm_sec, microseconds,
                         ThreadName(), level);
}

void WritePrefix(std::ostream& stream, const google::LogMessageInfo& message,
                 void*) {
  const absl::string_view level =
      line_level.has_value() ? LogLevelName(*line_level) : message.severity;
  stream << Prefix(message.time.timestamp(), message.time.usec(), level);
}

// Never glog's FATAL: that one dumps the stack and the core.
google::LogSeverity SeverityOf(LogLevel level) {
  if (level <= LogLevel::kError) return google::GLOG_ERROR;
  if (level == LogLevel::kWarn) return google::GLOG_WARNING;
  return google::GLOG_INFO;
}

// Before InitLogging() glog would add a line of its own.
void WriteEarly(LogLevel level, absl::string_view text) {
  timeval now = {};
  ::gettimeofday(&now, nullptr);
  absl::FPrintF(stderr, "%s %s\n",
                Prefix(now.tv_sec, now.tv_usec, LogLevelName(level)), text);
}

void Write(LogLevel level, absl::string_view text) {
  if (!initialized.load()) return WriteEarly(level, text);
  line_level = level;
  google::LogMessage(__FILE__, __LINE__, SeverityOf(level)).stream() << text;
  line_level.reset();
}

}  // namespace

absl::string_view LogLevelName(LogLevel level) {
  return kNames[static_cast<size_t>(level)];
}

absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (absl::EqualsIgnoreCase(name, kNames[i])) return LogLevel(i);
  }
  return absl::InvalidArgumentError("");
}

void SetLogLevel(LogLevel level) { shown_level.store(level); }

bool LogEnabled(LogLevel level) {
  return level <= shown_level.load(std::memory_order_relaxed);
}

void InitLogging(const std::string& program) {
  static const std::string* const kept = new std::string(program);
  FLAGS_logtostderr = FLAGS_logtostderr || FLAGS_log_dir.empty();
  FLAGS_log_prefix = true;
  FLAGS_logbuflevel = -1;  // Whoever follows a file wants the line now.
  google::InitGoogleLogging(kept->c_str(), &WritePrefix);
  initialized.store(true);
}

void ReopenLogs() {
  if (!initialized.load()) return;
  // A changed extension is what makes glog close its files.
  google::SetLogFilenameExtension("-");
  google::SetLogFilenameExtension("");
}

void FatalExit(absl::string_view message) {
  Write(LogLevel::kFatal, message);
  if (initialized.load()) google::FlushLogFiles(google::GLOG_INFO);
  std::fflush(stderr);
  ::_exit(1);
}

LogLine::~LogLine() { Write(level_, text_.str()); }

}  // namespace vios
