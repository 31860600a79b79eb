// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "glog/logging.h"
#include "proxy/log_stderr.h"
#include "proxy/log_text.h"

namespace vios {
namespace {

constexpr std::array<absl::string_view, 7> kNames = {
    "FATAL", "ALERT", "ERROR", "WARN", "NOTICE", "INFO", "DEBUG"};

std::atomic<LogLevel> shown_level = LogLevel::kInfo;
std::atomic<bool> files_wanted = false;  // By --log_dir.
std::atomic<bool> to_files = false;      // And there they are, by glog.

// glog knows four levels; ours goes round it to the prefix of the line. Empty
// for lines that do not come from us, such as a failed CHECK.
thread_local std::optional<LogLevel> line_level;

void WritePrefix(std::ostream& stream, const google::LogMessageInfo& message,
                 void*) {
  const absl::string_view level =
      line_level.has_value() ? LogLevelName(*line_level) : message.severity;
  stream << LogPrefix(LogTime(message.time.timestamp(), message.time.usec()),
                      level);
}

// Takes what goes through glog: what libraries log and, with --log_dir, ours.
class StderrSink : public google::LogSink {
 public:
  explicit StderrSink(google::LogSeverity lowest) : lowest_(lowest) {}
  void send(google::LogSeverity severity, const char*, const char*, int,
            const google::LogMessageTime&, const char* message,
            size_t size) override {
    if (severity < lowest_) return;
    WriteLogToStderr(line_level.has_value()
                         ? LogLevelName(*line_level)
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
    return WriteLogToStderr(LogLevelName(level), text, fields);
  }
  line_level = level;
  google::LogMessage(__FILE__, __LINE__, SeverityOf(level)).stream()
      << LogOneLine(text);
  line_level.reset();
}

// glog would say so in words of its own, and keep no line. By trying, for a
// confined process may be refused where others are not.
absl::Status TryLogDirectory() {
  const std::string path = absl::StrCat(FLAGS_log_dir, "/.", ::getpid());
  const UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.ok()) return ErrnoStatus("no log files in", FLAGS_log_dir);
  (void)::unlink(path.c_str());
  return absl::OkStatus();
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
  const bool files = !FLAGS_log_dir.empty() && !FLAGS_logtostderr &&
                     ShownLogFormat() == LogFormat::kText;
  PrepareLogToStderr();
  FLAGS_log_prefix = true;
  FLAGS_logbuflevel = -1;  // Whoever follows a file wants the line now.
  FLAGS_minloglevel = 0;   // Ours is --log_level.
  google::InitGoogleLogging(kept->c_str(), &WritePrefix);
  if (!files) WriteNoFiles();
  const bool all = !files || FLAGS_alsologtostderr;
  SendToStderrFrom(all ? google::GLOG_INFO : google::GLOG_ERROR);
  files_wanted.store(files);
  to_files.store(files);
}

absl::Status ReopenLogs() {
  if (!files_wanted.load()) return absl::OkStatus();
  const absl::Status status = TryLogDirectory();
  to_files.store(status.ok());
  if (!status.ok()) return status;
  // A changed extension is what makes glog close its files; the time in their
  // names alone would not tell those of one second apart.
  static std::atomic<int> times = 0;
  google::SetLogFilenameExtension(absl::StrCat(".", ++times).c_str());
  return absl::OkStatus();
}

void FatalExit(absl::string_view message) {
  Write(LogLevel::kFatal, message, {});
  if (to_files.load()) google::FlushLogFiles(google::GLOG_INFO);
  std::fflush(stderr);
  ::_exit(1);
}

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
  if (ShownLogFormat() == LogFormat::kJson) return With(fields);
  return *this << ": " << fields.ToString();
}

}  // namespace vios
