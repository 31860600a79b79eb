// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_stderr.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "proxy/journal.h"
#include "proxy/line_writer.h"
#include "proxy/log_json.h"
#include "proxy/log_text.h"

namespace vios {
namespace {

std::atomic<LogFormat> shown_format = LogFormat::kText;

// A terminal calls itself writable before it has room for a whole line; opened
// anew it can be told not to wait for somebody who looks at it.
int OpenStderr() {
  if (::isatty(STDERR_FILENO) == 0) return STDERR_FILENO;
  const int own =
      ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return own >= 0 ? own : STDERR_FILENO;
}

// Asked at the first line, which is at the start.
bool ToJournal() {
  static const bool journal = IsJournal(STDERR_FILENO);
  return journal;
}

LineWriter& Stderr() {
  static auto* const writer = new LineWriter(OpenStderr());
  return *writer;
}

}  // namespace

void SetLogFormat(LogFormat format) { shown_format.store(format); }

void PrepareLogToStderr() {
  (void)Stderr();
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
