// SPDX-License-Identifier: Apache-2.0
#include "proxy/common_flags_main.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gflags/gflags.h"
#include "proxy/ask_health.h"
#include "proxy/flag_values.h"
#include "proxy/http_address.h"

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

// Whoever reaches the server could stop the daemon.
absl::Status CheckHttpControl(const CommonOptions& options) {
  const auto& address = options.http_address;
  if (!options.http_control || (address && IsLocal(*address))) {
    return absl::OkStatus();
  }
  return BadFlag({"http_control", "true"},
                 "used with --http_address on a loopback address or a unix "
                 "socket");
}

absl::Status CheckHealthFlag(const CommonOptions& options) {
  const FlagText flag = {"check_health", FLAGS_check_health};
  if (flag.value.empty()) return absl::OkStatus();
  if (!IsHealthProbe(flag.value)) {
    return BadFlag(flag, "startup, readiness or liveness");
  }
  if (options.http_address.has_value()) return absl::OkStatus();
  return BadFlag(flag, "used with the --http_address of a daemon");
}

}  // namespace

std::vector<std::string> CommonFlagNames() {
  return {"channels",        "rescan_interval", "reconnect_interval",
          "connect_timeout", "idle_timeout",    "half_close_timeout",
          "peer_timeout",    "drain_timeout",   "protocol_options",
          "log_format",      "check_config",    "http_address",
          "http_control",    "check_health"};
}

void ReadCommonFlags(const CommandLine& line, FlagReader& flags,
                     CommonOptions& options) {
  const auto at_least = [](absl::Duration shortest) {
    return [shortest](const FlagText& flag) {
      return IntervalFlag(flag, shortest);
    };
  };
  flags.Read(line.directory_flag, PathFlag, options.directory);
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
  flags.Note(CheckHttpControl(options));
  flags.Note(CheckHealthFlag(options));
}

bool OnlyCheckHealth() { return !FLAGS_check_health.empty(); }

bool OnlyCheckConfig() { return FLAGS_check_config; }

std::vector<std::pair<std::string, std::string>> FlagsInForce(
    const CommandLine& line) {
  std::vector<std::string> names = PositionalNames(line);
  names.insert(names.end(), line.own_flags.begin(), line.own_flags.end());
  std::vector<std::pair<std::string, std::string>> flags;
  for (std::string& name : names) {
    std::string value = FlagValue(name);
    flags.emplace_back(std::move(name), std::move(value));
  }
  return flags;
}

}  // namespace vios
