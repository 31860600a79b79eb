// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_LOG_STDERR_H_
#define VIOS_PROXY_PROXY_LOG_STDERR_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "proxy/log_fields.h"

namespace vios {

// The one place that writes the log to stderr: as text (proxy/log_text.h) or as
// JSON (proxy/log_json.h), behind a priority where stderr is the journal
// (proxy/journal.h). All of this is thread-safe.
enum class LogFormat { kText, kJson };

void SetLogFormat(LogFormat format);  // Text at first.
LogFormat ShownLogFormat();

// Before a daemon gives up the right to open files: from then on nothing that
// this process writes to a pipe or terminal as stderr waits for its reader. Not
// so where it may not open it anew: without /proc, or a pipe of another user.
void PrepareLogToStderr();

// One line, whole. Blocks for a second at most, where nobody reads: then it is
// dropped and counted. Longer only where PrepareLogToStderr() was refused and
// somebody else fills the same pipe.
void WriteLogToStderr(absl::string_view severity, absl::string_view text,
                      const LogFields& fields);

// How many lines stderr has not taken.
uint64_t DroppedLogLines();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_LOG_STDERR_H_
