// SPDX-License-Identifier: Apache-2.0
#include "proxy/common_flags_main.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gflags/gflags.h"
#include "proxy/ask_health.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"
#include "proxy/log.h"
#include "proxy/log_stderr.h"

DEFINE_string(log_level, "INFO",
              "show this and what is more severe: FATAL, ALERT, ERROR, WARN, "
              "NOTICE, INFO or DEBUG");
DEFINE_string(log_format, "text",
              "of the lines on stderr: text or json (not with --log_dir)");
DEFINE_string(channels, "*",
              "GLOB[,GLOB]: only end points whose file name matches are ours; "
              "the default leaves well-known ports of other programs alone");
DEFINE_string(
    rescan_interval, "1s",
    "how often to look at the directory at the latest; at least 10ms");
DEFINE_string(reconnect_interval, "5s",
              "the longest wait before a failed end point is tried again; at "
              "least 100ms");
DEFINE_string(idle_timeout, "0",
              "ends a session without a byte either way for so long");
DEFINE_string(half_close_timeout, "60s",
              "ends a session of which one direction has ended and the other "
              "has moved no byte for so long");
DEFINE_string(peer_timeout, "0",
              "ends a session whose peer has sent nothing for so long while we "
              "waited for it; paused guests are silent, too");
DEFINE_string(drain_timeout, "25s",
              "how long sessions may go on after SIGTERM; 0: for ever");
DEFINE_bool(check_config, false,
            "check flags and directory, say what would be done, and exit");
DEFINE_string(check_health, "",
              "startup, readiness or liveness: ask the daemon that runs with "
              "this --http_address, and exit");
DEFINE_bool(protocol_options, true,
            "false: speak the base protocol of vios-proxy 0.2 only");
DEFINE_string(http_address, "",
              "ADDRESS:PORT or unix:/path of the status server: probes, "
              "metrics and a page to look at; empty: there is none");
DEFINE_bool(http_control, false,
            "POST /drain and /quitquitquit on the status server, which must "
            "be on a loopback address or a unix socket");

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

bool IsDefault(const char* name) {
  return gflags::GetCommandLineFlagInfoOrDie(name).is_default;
}

absl::StatusOr<std::string> PathFlag(const FlagText& flag) {
  if (!flag.value.empty()) return std::string(flag.value);
  return BadFlag(flag, "the path of a directory");
}

absl::StatusOr<LogFormat> FormatFlag(const FlagText& flag) {
  if (flag.value == "text") return LogFormat::kText;
  if (flag.value != "json") return BadFlag(flag, "text or json");
  if (FlagValue("log_dir").empty() || IsDefault("log_dir")) {
    return LogFormat::kJson;
  }
  return BadFlag(flag, "text when --log_dir is given: glog's files are text");
}

absl::StatusOr<std::string> HttpAddressFlag(const FlagText& flag) {
  if (flag.value.empty() || ParseHttpAddress(flag.value).ok()) {
    return std::string(flag.value);
  }
  return BadFlag(flag,
                 "ADDRESS:PORT with an IPv4 or [IPv6] address, or unix: and an "
                 "absolute path of at most 107 bytes");
}

// Whoever reaches the server could stop the daemon.
absl::Status CheckHttpControl(const CommonOptions& options) {
  const auto address = ParseHttpAddress(options.http_address);
  if (!options.http_control || (address.ok() && IsLocal(*address))) {
    return absl::OkStatus();
  }
  return BadFlag({"http_control", "true"},
                 "used with --http_address on a loopback address or a unix "
                 "socket");
}

absl::Status CheckHealthFlag(const CommonOptions& options) {
  const FlagText flag = {"check_health", FLAGS_check_health};
  if (flag.value.empty()) return absl::OkStatus();
  if (!IsProbe(flag.value)) {
    return BadFlag(flag, "startup, readiness or liveness");
  }
  if (!options.http_address.empty()) return absl::OkStatus();
  return BadFlag(flag, "used with the --http_address of a daemon");
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
          "peer_timeout",    "drain_timeout",   "protocol_options",
          "log_format",      "check_config",    "http_address",
          "http_control",    "check_health"};
}

absl::Status ReadCommonFlags(const CommandLine& line,
                             absl::string_view port_diagnostic,
                             CommonOptions& options) {
  const auto port = [&](const FlagText& flag) {
    return PortFlag(flag, port_diagnostic);
  };
  const auto at_least = [](absl::Duration shortest) {
    return [shortest](const FlagText& flag) {
      return IntervalFlag(flag, shortest);
    };
  };
  FlagReader flags;
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
  flags.Read("service_port", port, options.service_port);
  flags.Read("log_level", LevelFlag, level);
  flags.Read("log_format", FormatFlag, format);
  flags.Read(line.directory_flag.c_str(), PathFlag, options.directory);
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
  flags.Read("http_address", HttpAddressFlag, options.http_address);
  options.protocol_options = FLAGS_protocol_options;
  options.http_control = FLAGS_http_control;
  SetLogLevel(level);
  SetLogFormat(format);
  absl::Status status = flags.status();
  status.Update(CheckHttpControl(options));
  status.Update(CheckHealthFlag(options));
  status.Update(CheckLogDirectory());
  return status;
}

bool OnlyCheckHealth() { return !FLAGS_check_health.empty(); }

bool OnlyCheckConfig() { return FLAGS_check_config; }

std::vector<std::pair<std::string, std::string>> FlagsInForce(
    const CommandLine& line) {
  std::vector<std::string> names = {line.directory_flag, "service_port",
                                    "log_level"};
  names.insert(names.end(), line.own_flags.begin(), line.own_flags.end());
  std::vector<std::pair<std::string, std::string>> flags;
  for (std::string& name : names) {
    std::string value = FlagValue(name);
    flags.emplace_back(std::move(name), std::move(value));
  }
  return flags;
}

std::string LogDirectory() { return FlagValue("log_dir"); }

}  // namespace vios
