// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "glog/logging.h"
#include "proxy/line_writer.h"
#include "proxy/log_json.h"

namespace vios {
namespace {

constexpr std::array<absl::string_view, 7> kNames = {
    "FATAL", "ALERT", "ERROR", "WARN", "NOTICE", "INFO", "DEBUG"};

std::atomic<LogLevel> shown_level = LogLevel::kInfo;
std::atomic<LogFormat> shown_format = LogFormat::kText;
std::atomic<bool> to_files = false;  // Of --log_dir, by glog.

// glog knows four levels; ours goes round it to the prefix of the line. Empty
// for lines that do not come from us, such as a failed CHECK.
thread_local std::optional<LogLevel> line_level;

std::string ThreadName() {
  if (::gettid() == ::getpid()) return "main";  // Its own is the program's.
  char name[16] = "";
  (void)::pthread_getname_np(::pthread_self(), name, sizeof(name));
  return name;
}

std::string Rfc3339(time_t seconds, long microseconds) {
  tm utc = {};
  ::gmtime_r(&seconds, &utc);
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                         utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                         utc.tm_hour, utc.tm_min, utc.tm_sec, microseconds);
}

std::string Now() {
  timeval now = {};
  ::gettimeofday(&now, nullptr);
  return Rfc3339(now.tv_sec, now.tv_usec);
}

std::string Prefix(absl::string_view time, absl::string_view level) {
  return absl::StrCat(time, " [", ThreadName(), "] ", level);
}

void WritePrefix(std::ostream& stream, const google::LogMessageInfo& message,
                 void*) {
  const absl::string_view level =
      line_level.has_value() ? LogLevelName(*line_level) : message.severity;
  stream << Prefix(Rfc3339(message.time.timestamp(), message.time.usec()),
                   level);
}

// A terminal calls itself writable before it has room for a whole line; opened
// anew it can be told not to wait for somebody who looks at it.
int OpenStderr() {
  if (::isatty(STDERR_FILENO) == 0) return STDERR_FILENO;
  const int own =
      ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return own >= 0 ? own : STDERR_FILENO;
}

LineWriter& Stderr() {
  static auto* const writer = new LineWriter(OpenStderr());
  return *writer;
}

// The names of files may hold anything, and are no reason for a second line.
std::string OneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      absl::StrAppend(&line, "\\x",
                      absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    } else {
      line += c;
    }
  }
  return line;
}

void WriteToStderr(absl::string_view severity, absl::string_view text,
                   const LogFields& fields) {
  if (shown_format.load() == LogFormat::kJson) {
    const std::string thread = ThreadName();
    Stderr().Write(JsonLogLine({severity, Now(), thread, text}, fields));
  } else {
    Stderr().Write(
        absl::StrCat(Prefix(Now(), severity), " ", OneLine(text), "\n"));
  }
}

// Takes what goes through glog: what libraries log and, with --log_dir, ours.
class StderrSink : public google::LogSink {
 public:
  explicit StderrSink(google::LogSeverity lowest) : lowest_(lowest) {}
  void send(google::LogSeverity severity, const char*, const char*, int,
            const google::LogMessageTime&, const char* message,
            size_t size) override {
    if (severity < lowest_) return;
    WriteToStderr(line_level.has_value() ? LogLevelName(*line_level)
                                         : google::GetLogSeverityName(severity),
                  {message, size}, {});
  }

 private:
  const google::LogSeverity lowest_;
};

// Our way, not glog's: that one would wait for ever where nobody reads.
void SendToStderrFrom(google::LogSeverity lowest) {
  static StderrSink* const sink = new StderrSink(lowest);
  FLAGS_logtostderr = FLAGS_alsologtostderr = FLAGS_logtostdout = false;
  FLAGS_stderrthreshold = google::NUM_SEVERITIES;
  google::AddLogSink(sink);
}

void WriteNoFiles() {
  for (int severity = 0; severity < google::NUM_SEVERITIES; ++severity) {
    google::SetLogDestination(severity, "");
  }
}

// Never glog's FATAL: that one dumps the stack and the core.
google::LogSeverity SeverityOf(LogLevel level) {
  if (level <= LogLevel::kError) return google::GLOG_ERROR;
  if (level == LogLevel::kWarn) return google::GLOG_WARNING;
  return google::GLOG_INFO;
}

void Write(LogLevel level, absl::string_view text, const LogFields& fields) {
  if (!to_files.load()) {
    return WriteToStderr(LogLevelName(level), text, fields);
  }
  line_level = level;
  google::LogMessage(__FILE__, __LINE__, SeverityOf(level)).stream()
      << OneLine(text);
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

void SetLogFormat(LogFormat format) { shown_format.store(format); }

bool LogEnabled(LogLevel level) {
  return level <= shown_level.load(std::memory_order_relaxed);
}

void InitLogging(const std::string& program) {
  static const std::string* const kept = new std::string(program);
  const bool files = !FLAGS_log_dir.empty() && !FLAGS_logtostderr &&
                     shown_format.load() == LogFormat::kText;
  FLAGS_log_prefix = true;
  FLAGS_logbuflevel = -1;  // Whoever follows a file wants the line now.
  google::InitGoogleLogging(kept->c_str(), &WritePrefix);
  if (!files) WriteNoFiles();
  const bool all = !files || FLAGS_alsologtostderr;
  SendToStderrFrom(all ? google::GLOG_INFO : google::GLOG_ERROR);
  to_files.store(files);
}

void ReopenLogs() {
  if (!to_files.load()) return;
  // A changed extension is what makes glog close its files; the time in their
  // names alone would not tell those of one second apart.
  static std::atomic<int> times = 0;
  google::SetLogFilenameExtension(absl::StrCat(".", ++times).c_str());
}

void FatalExit(absl::string_view message) {
  Write(LogLevel::kFatal, message, {});
  if (to_files.load()) google::FlushLogFiles(google::GLOG_INFO);
  std::fflush(stderr);
  ::_exit(1);
}

uint64_t DroppedLogLines() { return Stderr().dropped(); }

LogLine::~LogLine() { Write(level_, text_.str(), fields_); }

LogLine& LogLine::With(const LogFields& fields) {
  fields_.Append(fields);
  return *this;
}

LogLine& LogLine::With(absl::string_view name, absl::string_view word) {
  fields_.Add(name, word);
  return *this;
}

LogLine& LogLine::Tell(absl::string_view text, const LogFields& fields) {
  *this << text;
  if (shown_format.load() == LogFormat::kJson) return With(fields);
  return *this << ": " << fields.ToString();
}

}  // namespace vios
