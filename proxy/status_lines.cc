// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_lines.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "channel/escape.h"
#include "proxy/log.h"

namespace vios {
namespace {

constexpr size_t kMaxNameSize = 255;
constexpr size_t kMaxTextSize = 64;

LogFields LineOf(const ChannelStatus& channel) {
  LogFields line;
  line.Add("guest", Escape(channel.guest, kMaxNameSize))
      .Add("channel", Escape(channel.name, kMaxNameSize))
      .Add("state", ChannelStateName(channel.state))
      .AddDuration("in_state", channel.in_state);
  if (channel.session.has_value()) {
    line.Add("tokens", Escape(channel.session->tokens, kMaxTextSize))
        .Add("client", Escape(channel.session->client, kMaxTextSize))
        .AddDuration("age", channel.session->age)
        .AddNumber("up", channel.session->up_bytes)
        .AddNumber("down", channel.session->down_bytes);
  }
  return line.AddNumber("total_up", channel.totals.up_bytes)
      .AddNumber("total_down", channel.totals.down_bytes)
      .AddText("peer", Escape(channel.peer_agent, kMaxTextSize))
      .AddText("last_error", Escape(channel.last_error, kMaxNameSize));
}

}  // namespace

std::string StatusSummary(const DaemonStatus& status) {
  std::string text = absl::StrCat(status.channels.size(), " channels");
  absl::string_view before = ": ";
  for (const ChannelState state :
       {ChannelState::kBusy, ChannelState::kFree, ChannelState::kResync,
        ChannelState::kDown}) {
    const size_t count = CountChannels(status, state);
    if (count == 0) continue;
    absl::StrAppend(&text, before, count, " ", ChannelStateName(state));
    before = ", ";
  }
  if (status.queue.has_value()) {
    absl::StrAppend(&text, "; ", status.queue->length, " clients wait");
  }
  return status.draining ? absl::StrCat("draining; ", text) : text;
}

std::vector<LogFields> StatusLines(const DaemonStatus& status, size_t most) {
  std::vector<LogFields> lines;
  const size_t count = std::min(most, status.channels.size());
  for (size_t i = 0; i < count; ++i)
    lines.push_back(LineOf(status.channels[i]));
  return lines;
}

void LogStatus(const DaemonStatus& status) {
  VIOS_LOG(kNotice) << "status: " << StatusSummary(status);
  const auto lines = StatusLines(status, kMaxStatusLines);
  for (const LogFields& line : lines) VIOS_LOG(kNotice).Tell("status", line);
  const size_t more = status.channels.size() - lines.size();
  if (more > 0) VIOS_LOG(kNotice) << "status: and " << more << " more channels";
}

}  // namespace vios
