// SPDX-License-Identifier: Apache-2.0
#include "proxy/daemon_main.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gflags/gflags.h"
#include "proxy/flag_values.h"

DEFINE_string(log_level, "INFO",
              "show this and what is more severe: FATAL, ALERT, ERROR, WARN, "
              "NOTICE, INFO or DEBUG");
DEFINE_string(channels, "*",
              "GLOB[,GLOB]: only end points whose file name matches are ours; "
              "the default leaves well-known ports of other programs alone");
DEFINE_string(rescan_interval, "1s",
              "how often to look at the directory at the latest");
DEFINE_string(reconnect_interval, "5s",
              "the longest wait before a failed end point is tried again");
DEFINE_string(idle_timeout, "0",
              "ends a session without a byte either way for so long");
DEFINE_string(half_close_timeout, "60s",
              "ends a session of which one direction has ended and the other "
              "has moved no byte for so long");
DEFINE_string(peer_timeout, "0",
              "ends a session whose peer has sent nothing for so long while we "
              "waited for it; paused guests are silent, too");
DEFINE_string(drain_timeout, "25s",
              "how long sessions may go on after SIGTERM");
DEFINE_bool(protocol_options, true,
            "false: speak the base protocol of vios-proxy 0.2 only");

namespace vios {
namespace {

// Reads flags one after another; the first mistake stays.
class FlagReader {
 public:
  template <typename Check, typename Value>
  void Read(const char* name, const Check& check, Value& value) {
    const std::string text = FlagValue(name);
    auto checked = check(FlagText{name, text});
    if (checked.ok()) value = *std::move(checked);
    status_.Update(checked.status());
  }
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

absl::StatusOr<LogLevel> LevelFlag(const FlagText& flag) {
  absl::StatusOr<LogLevel> level = ParseLogLevel(flag.value);
  if (level.ok()) return level;
  return BadFlag(flag, "one of FATAL, ALERT, ERROR, WARN, NOTICE, INFO, DEBUG");
}

absl::StatusOr<std::string> PathFlag(const FlagText& flag) {
  if (!flag.value.empty()) return std::string(flag.value);
  return BadFlag(flag, "the path of a directory");
}

// glog would put its files wherever the environment says.
absl::Status CheckLogDirectory() {
  const auto info = gflags::GetCommandLineFlagInfoOrDie("log_dir");
  if (info.is_default) gflags::SetCommandLineOption("log_dir", "");
  if (info.is_default || info.current_value.empty()) return absl::OkStatus();
  struct stat file = {};
  const std::string& path = info.current_value;
  if (::stat(path.c_str(), &file) == 0 && S_ISDIR(file.st_mode) &&
      ::access(path.c_str(), W_OK | X_OK) == 0) {
    return absl::OkStatus();
  }
  return BadFlag({"log_dir", path}, "a directory that can be written to");
}

}  // namespace

std::vector<std::string> CommonFlagNames() {
  return {"channels",        "rescan_interval", "reconnect_interval",
          "connect_timeout", "idle_timeout",    "half_close_timeout",
          "peer_timeout",    "drain_timeout",   "protocol_options"};
}

absl::Status ReadCommonFlags(const Daemon& daemon, CommonOptions& options) {
  const auto port = [&](const FlagText& flag) {
    return PortFlag(flag, daemon.port_diagnostic);
  };
  const auto at_least = [](absl::Duration shortest) {
    return [shortest](const FlagText& flag) {
      return IntervalFlag(flag, shortest);
    };
  };
  FlagReader flags;
  LogLevel level = LogLevel::kInfo;
  flags.Read("service_port", port, options.service_port);
  flags.Read("log_level", LevelFlag, level);
  flags.Read(daemon.line.directory_flag.c_str(), PathFlag, options.directory);
  flags.Read("channels", GlobsFlag, options.channels);
  flags.Read("rescan_interval", at_least(absl::Milliseconds(10)),
             options.rescan_interval);
  flags.Read("reconnect_interval", at_least(absl::Milliseconds(100)),
             options.reconnect_interval);
  flags.Read("connect_timeout", DurationFlag, options.connect_timeout);
  flags.Read("idle_timeout", DurationFlag, options.idle_timeout);
  flags.Read("half_close_timeout", DurationFlag, options.half_close_timeout);
  flags.Read("peer_timeout", DurationFlag, options.peer_timeout);
  flags.Read("drain_timeout", DurationFlag, options.drain_timeout);
  options.protocol_options = FLAGS_protocol_options;
  SetLogLevel(level);
  absl::Status status = flags.status();
  status.Update(CheckLogDirectory());
  return status;
}

InstanceLock PrepareDaemon(const Daemon& daemon, const CommonOptions& options) {
  TakeSignals();
  InitLogging(daemon.line.program);
  const absl::Status directory =
      CheckDirectory(options.directory, daemon.directory_diagnostics);
  if (!directory.ok()) FatalExit(directory.message());
  absl::StatusOr<InstanceLock> lock = InstanceLock::Acquire(
      daemon.line.program, options.directory, options.channels);
  if (!lock.ok()) FatalExit(lock.status().message());
  return *std::move(lock);
}

void AwaitStop(InstanceLock& lock) {
  while (!AwaitStopSignal(absl::Minutes(1))) lock.DropVisitors();
}

}  // namespace vios
