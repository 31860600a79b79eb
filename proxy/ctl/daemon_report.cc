// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/daemon_report.h"

#include <algorithm>

#include "absl/status/status.h"
#include "nlohmann/json.hpp"

namespace vios {
namespace {

using Json = nlohmann::json;

// What is not there, or of another kind, is empty: a daemon of another version
// is told about as far as it goes.
const Json& Member(const Json& object, const char* name) {
  static const auto* const nothing = new Json();
  if (!object.is_object()) return *nothing;
  const auto found = object.find(name);
  return found == object.end() ? *nothing : *found;
}

std::string Text(const Json& object, const char* name) {
  const Json& value = Member(object, name);
  return value.is_string() ? value.get<std::string>() : "";
}

// 0 to 1e15, whatever was sent: so it fits into an integer, too.
double Number(const Json& object, const char* name) {
  const Json& value = Member(object, name);
  return value.is_number() ? std::clamp(value.get<double>(), 0.0, 1e15) : 0;
}

uint64_t Count(const Json& object, const char* name) {
  const Json& value = Member(object, name);
  return value.is_number_unsigned()
             ? value.get<uint64_t>()
             : static_cast<uint64_t>(Number(object, name));
}

bool Flag(const Json& object, const char* name) {
  const Json& value = Member(object, name);
  return value.is_boolean() && value.get<bool>();
}

// Null when it is no JSON, or nested so deep that whoever goes down into it
// could run out of stack.
Json ParseShallow(absl::string_view json) {
  constexpr int kDeepest = 16;
  bool too_deep = false;
  const auto look = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep |= depth > kDeepest;
    return !too_deep;
  };
  Json parsed = Json::parse(json.begin(), json.end(), look,
                            /*allow_exceptions=*/false);
  return too_deep || parsed.is_discarded() ? Json() : parsed;
}

// Of the members of an object.
std::vector<std::string> Names(const Json& object) {
  std::vector<std::string> names;
  if (!object.is_object()) return names;
  for (auto one = object.begin(); one != object.end(); ++one) {
    names.push_back(one.key());
  }
  return names;
}

DaemonReport::Channel ChannelOf(const Json& json) {
  const Json& session = Member(json, "session");
  const Json& error = Member(json, "last_error");
  return {.guest = Text(json, "guest"),
          .name = Text(json, "name"),
          .state = Text(json, "state"),
          .state_seconds = Number(json, "state_seconds"),
          .peer_agent = Text(json, "peer_agent"),
          .heard = Flag(json, "heard"),
          .client = Text(session, "client"),
          .session_seconds = Number(session, "age_seconds"),
          .bytes_to_service = Count(json, "bytes_to_service"),
          .bytes_from_service = Count(json, "bytes_from_service"),
          .last_error = Text(error, "text"),
          .last_error_seconds_ago = Number(error, "seconds_ago")};
}

}  // namespace

const DaemonReport::Channel* DaemonReport::FindChannel(
    absl::string_view guest, absl::string_view name) const {
  for (const Channel& channel : channels) {
    if (channel.guest == guest && channel.name == name) return &channel;
  }
  return nullptr;
}

size_t DaemonReport::CountChannels(absl::string_view state) const {
  return static_cast<size_t>(
      std::count_if(channels.begin(), channels.end(),
                    [&](const Channel& one) { return one.state == state; }));
}

const std::string* DaemonReport::Flag(const std::string& name) const {
  const auto found = flags.find(name);
  return found == flags.end() ? nullptr : &found->second;
}

absl::StatusOr<DaemonReport> ParseDaemonReport(absl::string_view json) {
  const Json status = ParseShallow(json);
  DaemonReport report;
  report.program = Text(status, "program");
  if (report.program.empty()) {
    return absl::InvalidArgumentError("the answer is no status of a daemon");
  }
  const Json& health = Member(status, "health");
  const Json& queue = Member(status, "queue");
  report.version = Text(status, "version");
  report.service = Text(status, "service");
  report.directory = Text(status, "directory");
  report.uptime_seconds = Number(status, "uptime_seconds");
  report.draining = Flag(status, "draining");
  report.ready = Flag(health, "ready");
  report.why_not_ready = Text(health, "why_not");
  if (queue.is_object()) report.queued = Count(queue, "length");
  for (const Json& channel : Member(status, "channels")) {
    report.channels.push_back(ChannelOf(channel));
  }
  const Json& ended = Member(status, "connections_ended");
  for (const std::string& word : Names(ended)) {
    report.ended[word] = Count(ended, word.c_str());
  }
  const Json& flags = Member(status, "flags");
  for (const std::string& name : Names(flags)) {
    report.flags[name] = Text(flags, name.c_str());
  }
  report.json = std::string(json);
  return report;
}

}  // namespace vios
