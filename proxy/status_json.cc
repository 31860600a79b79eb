// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_json.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "proxy/health.h"
#include "proxy/json_text.h"
#include "proxy/termination.h"

namespace vios {
namespace {

using Json = nlohmann::ordered_json;

// To the millisecond.
double Seconds(absl::Duration duration) {
  return std::round(absl::ToDoubleSeconds(duration) * 1000) / 1000;
}

Json TotalsJson(const ChannelTotals& totals) {
  return {
      {"bytes_to_service", totals.up_bytes},
      {"bytes_from_service", totals.down_bytes},
      {"reconnects", totals.reconnects},
      {"resyncs", totals.resyncs},
      {"skipped_bytes", totals.skipped_bytes},
      {"stale_frames", totals.stale_frames},
      {"stall_recoveries", totals.read_recoveries + totals.write_recoveries}};
}

Json SessionJson(const ChannelStatus& channel) {
  if (!channel.session) return nullptr;
  const SessionStatus& session = *channel.session;
  return {{"tokens", session.tokens},
          {"client", session.client},
          {"age_seconds", Seconds(session.age)},
          {"bytes_to_service", session.up_bytes},
          {"bytes_from_service", session.down_bytes}};
}

Json ChannelJson(const ChannelStatus& channel) {
  Json json = {{"name", channel.name},
               {"guest", channel.guest},
               {"state", std::string(ChannelStateName(channel.state))},
               {"state_seconds", Seconds(channel.in_state)},
               {"peer_agent", channel.peer_agent},
               {"heard", channel.heard},
               {"session", SessionJson(channel)}};
  json.update(TotalsJson(channel.totals));
  if (channel.last_error.empty()) {
    json["last_error"] = nullptr;
  } else {
    json["last_error"] = {{"text", channel.last_error},
                          {"seconds_ago", Seconds(channel.last_error_ago)}};
  }
  return json;
}

Json QueueJson(const DaemonStatus& status) {
  if (!status.queue) return nullptr;
  return {{"length", status.queue->length}, {"limit", status.queue->limit}};
}

Json HealthJson(const DaemonStatus& status) {
  const absl::Status alive = Alive(status);
  const absl::Status ready = Ready(status);
  return {{"live", alive.ok()},
          {"ready", ready.ok()},
          {"why_not", std::string((alive.ok() ? ready : alive).message())}};
}

Json EndedJson(const MetricsSnapshot& metrics) {
  Json json = Json::object();
  for (const Termination result : AllTerminations()) {
    const uint64_t count = metrics.ended[static_cast<size_t>(result)];
    if (count > 0) json[std::string(TerminationName(result))] = count;
  }
  return json;
}

Json FlagsJson(const DaemonStatus& status) {
  Json json = Json::object();
  for (const auto& [name, value] : status.flags) json[name] = value;
  return json;
}

}  // namespace

std::string StatusJson(const DaemonStatus& status) {
  Json json = {
      {"program", absl::StrCat("vios-proxy-", RoleName(status.role))},
      {"version", status.version},
      {"started", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", status.started,
                                   absl::UTCTimeZone())},
      {"uptime_seconds", Seconds(status.uptime)},
      {"service", status.service},
      {"directory", status.directory},
      {"draining", status.draining},
      {"health", HealthJson(status)},
      {"queue", QueueJson(status)},
      {"totals", TotalsJson(status.metrics.all)},
      {"connections_ended", EndedJson(status.metrics)},
      {"channels", Json::array()},
      {"flags", FlagsJson(status)}};
  for (const ChannelStatus& channel : status.channels) {
    json["channels"].push_back(ChannelJson(channel));
  }
  return JsonText(json);
}

}  // namespace vios
