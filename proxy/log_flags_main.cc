// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_flags_main.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gflags/gflags.h"
#include "proxy/command_line_main.h"
#include "proxy/flag_values.h"
#include "proxy/log.h"
#include "proxy/log_stderr.h"

DEFINE_string(log_level, "INFO",
              "show this and what is more severe: FATAL, ALERT, ERROR, WARN, "
              "NOTICE, INFO or DEBUG");
DEFINE_string(log_format, "text",
              "of the lines on stderr: text or json (not with --log_dir)");

namespace vios {
namespace {

absl::StatusOr<LogFormat> FormatFlag(const FlagText& flag) {
  if (flag.value == "text") return LogFormat::kText;
  if (flag.value != "json") return BadFlag(flag, "text or json");
  if (LogDirectory().empty()) return LogFormat::kJson;
  return BadFlag(flag, "text when --log_dir is given: glog's files are text");
}

// glog would put its files wherever the environment says.
void ForgetDirectoryOfEnvironment() {
  if (gflags::GetCommandLineFlagInfoOrDie("log_dir").is_default) {
    gflags::SetCommandLineOption("log_dir", "");
  }
}

absl::Status CheckLogDirectory() {
  const std::string path = LogDirectory();
  if (path.empty()) return absl::OkStatus();
  struct stat file = {};
  if (::stat(path.c_str(), &file) == 0 && S_ISDIR(file.st_mode) &&
      ::access(path.c_str(), W_OK | X_OK) == 0) {
    return absl::OkStatus();
  }
  return BadFlag({"log_dir", path}, "a directory that can be written to");
}

}  // namespace

void ApplyLogFlags(FlagReader& flags) {
  ForgetDirectoryOfEnvironment();
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
  flags.Read("log_level", LevelFlag, level);
  flags.Read("log_format", FormatFlag, format);
  flags.Note(CheckLogDirectory());
  SetLogLevel(level);
  SetLogFormat(format);
}

std::string LogDirectory() { return FlagValue("log_dir"); }

}  // namespace vios
