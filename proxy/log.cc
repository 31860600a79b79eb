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

LineWriter& Stderr() {
  static auto* const writer = new LineWriter(STDERR_FILENO);
  return *writer;
}

void WriteJson(absl::string_view severity, absl::string_view text,
               const LogFields& fields) {
  const std::string thread = ThreadName();
  Stderr().Write(JsonLogLine({severity, Now(), thread, text}, fields));
}

// Takes what libraries log, where ours goes round glog.
class JsonSink : public google::LogSink {
 public:
  void send(google::LogSeverity severity, const char*, const char*, int,
            const google::LogMessageTime&, const char* message,
            size_t size) override {
    WriteJson(google::GetLogSeverityName(severity), {message, size}, {});
  }
};

// Leaves glog nothing but its sinks.
void SendLibrariesToJson() {
  static JsonSink* const sink = new JsonSink;
  FLAGS_logtostderr = FLAGS_alsologtostderr = FLAGS_logtostdout = false;
  FLAGS_stderrthreshold = google::NUM_SEVERITIES;
  for (int severity = 0; severity < google::NUM_SEVERITIES; ++severity) {
    google::SetLogDestination(severity, "");
  }
  google::AddLogSink(sink);
}

// Never glog's FATAL: that one dumps the stack and the core.
google::LogSeverity SeverityOf(LogLevel level) {
  if (level <= LogLevel::kError) return google::GLOG_ERROR;
  if (level == LogLevel::kWarn) return google::GLOG_WARNING;
  return google::GLOG_INFO;
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

void Write(LogLevel level, absl::string_view text, const LogFields& fields) {
  if (shown_format.load() == LogFormat::kJson) {
    return WriteJson(LogLevelName(level), text, fields);
  }
  // Before InitLogging() glog would add a line of its own.
  if (!initialized.load()) {
    return Stderr().Write(absl::StrCat(Prefix(Now(), LogLevelName(level)), " ",
                                       OneLine(text), "\n"));
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
  FLAGS_logtostderr = FLAGS_logtostderr || FLAGS_log_dir.empty();
  FLAGS_log_prefix = true;
  FLAGS_logbuflevel = -1;  // Whoever follows a file wants the line now.
  google::InitGoogleLogging(kept->c_str(), &WritePrefix);
  if (shown_format.load() == LogFormat::kJson) SendLibrariesToJson();
  initialized.store(true);
}

void ReopenLogs() {
  if (!initialized.load()) return;
  // A changed extension is what makes glog close its files; the time in their
  // names alone would not tell those of one second apart.
  static std::atomic<int> times = 0;
  google::SetLogFilenameExtension(absl::StrCat(".", ++times).c_str());
}

void FatalExit(absl::string_view message) {
  Write(LogLevel::kFatal, message, {});
  if (initialized.load()) google::FlushLogFiles(google::GLOG_INFO);
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
