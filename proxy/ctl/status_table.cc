// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/status_table.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "channel/escape.h"
#include "proxy/human_text.h"

namespace vios {
namespace {

using Row = std::vector<std::string>;

constexpr size_t kWidest = 48;

std::string Cell(const std::string& text) { return Escape(text, kWidest); }

// To the second: "2m5s". Whatever was sent.
std::string For(double seconds) {
  const double whole =
      std::isfinite(seconds) ? std::clamp(std::floor(seconds), 0.0, 1e9) : 0;
  return absl::FormatDuration(absl::Seconds(whole));
}

Row ChannelRow(const DaemonReport::Channel& channel) {
  const std::string name = channel.guest.empty()
                               ? channel.name
                               : absl::StrCat(channel.guest, "/", channel.name);
  return {Cell(name),
          Cell(channel.state),
          For(channel.state_seconds),
          Cell(channel.client),
          HumanBytes(channel.bytes_to_service),
          HumanBytes(channel.bytes_from_service),
          Cell(channel.peer_agent),
          channel.last_error.empty()
              ? ""
              : absl::StrCat(Cell(channel.last_error), ", ",
                             For(channel.last_error_seconds_ago), " ago")};
}

std::string Lines(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppendFormat(&line, "  %-*s", widths[i], row[i]);
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return text;
}

std::string State(const DaemonReport& report) {
  if (report.draining) return "draining";
  if (report.ready) return "ready";
  return absl::StrCat("not ready: ", Cell(report.why_not_ready));
}

}  // namespace

std::string StatusTable(const DaemonReport& report) {
  std::string text = absl::StrCat(
      Cell(report.program), " ", Cell(report.version), " at ",
      Cell(report.address), ": ", State(report), "; ", report.channels.size(),
      " channels, ", report.CountChannels("busy"), " busy; service ",
      Cell(report.service), "; up ", For(report.uptime_seconds));
  if (report.queued) absl::StrAppend(&text, "; ", *report.queued, " waiting");
  absl::StrAppend(&text, "\n");
  if (report.channels.empty()) return text;
  std::vector<Row> rows = {{"CHANNEL", "STATE", "FOR", "CLIENT", "TO SERVICE",
                            "FROM SERVICE", "PEER", "LAST ERROR"}};
  for (const auto& channel : report.channels) {
    rows.push_back(ChannelRow(channel));
  }
  return text + Lines(rows);
}

}  // namespace vios
