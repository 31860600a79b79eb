// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_stderr.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "channel/unique_fd.h"
#include "proxy/journal.h"
#include "proxy/line_writer.h"
#include "proxy/log_json.h"
#include "proxy/log_text.h"

namespace vios {
namespace {

std::atomic<LogFormat> shown_format = LogFormat::kText;

bool IsPipe(int fd) {
  struct stat file = {};
  return ::fstat(fd, &file) == 0 && S_ISFIFO(file.st_mode);
}

// Opened anew, a pipe or terminal can be told not to wait for somebody who
// looks at it. To ask first is not enough: whoever shares a pipe may fill it
// meanwhile, a terminal calls itself writable before it has room for a whole
// line, and libraries that write here do not ask at all.
void KeepStderrFromBlocking() {
  if (!IsPipe(STDERR_FILENO) && ::isatty(STDERR_FILENO) == 0) return;
  const UniqueFd own(
      ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (own.ok()) (void)::dup2(own.get(), STDERR_FILENO);
}

// Asked at the first line, which is at the start.
bool ToJournal() {
  static const bool journal = IsJournal(STDERR_FILENO);
  return journal;
}

LineWriter& Stderr() {
  static auto* const writer = new LineWriter(STDERR_FILENO);
  return *writer;
}

}  // namespace

void SetLogFormat(LogFormat format) { shown_format.store(format); }

void PrepareLogToStderr() {
  KeepStderrFromBlocking();
  (void)ToJournal();
}

LogFormat ShownLogFormat() { return shown_format.load(); }

void WriteLogToStderr(absl::string_view severity, absl::string_view text,
                      const LogFields& fields) {
  const absl::string_view priority =
      ToJournal() ? JournalPriority(severity) : "";
  if (ShownLogFormat() == LogFormat::kJson) {
    const std::string thread = LogThread();
    Stderr().Write(absl::StrCat(
        priority, JsonLogLine({severity, LogTimeNow(), thread, text}, fields)));
  } else {
    Stderr().Write(absl::StrCat(priority, LogPrefix(LogTimeNow(), severity),
                                " ", LogOneLine(text), "\n"));
  }
}

uint64_t DroppedLogLines() { return Stderr().dropped(); }

}  // namespace vios
