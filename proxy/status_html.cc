// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_html.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proxy/health.h"
#include "proxy/html_escape.h"
#include "proxy/human_text.h"
#include "proxy/status_style.h"
#include "proxy/termination.h"

namespace vios {
namespace {

constexpr int kRefreshSeconds = 5;

// All that is named text here is escaped already; `css` is ours.
std::string Pill(absl::string_view css, absl::string_view text) {
  return absl::StrCat("<span class=\"pill ", css, "\">", text, "</span>");
}

std::string Tile(absl::string_view figure, absl::string_view what) {
  return absl::StrCat("<div class=\"card tile\"><b>", figure, "</b><span>",
                      what, "</span></div>\n");
}

std::string StatePill(ChannelState state) {
  switch (state) {
    case ChannelState::kDown:
      return Pill("bad", "down");
    case ChannelState::kFree:
      return Pill("good", "free");
    case ChannelState::kBusy:
      return Pill("busy", "busy");
    case ChannelState::kResync:
      return Pill("odd", "resync");
  }
  return "";
}

std::string Bytes(uint64_t up, uint64_t down) {
  if (up == 0 && down == 0) return "<span class=\"dim\">&ndash;</span>";
  return absl::StrCat("&uarr;&nbsp;", HumanBytes(up), "<br>&darr;&nbsp;",
                      HumanBytes(down));
}

std::string Header(const DaemonStatus& status) {
  const absl::Status alive = Alive(status);
  const absl::Status ready = Ready(status);
  std::string html = absl::StrCat(
      "<header><h1>vios-proxy-", RoleName(status.role), "</h1> ",
      alive.ok() ? Pill("good", "live") : Pill("bad", "stuck"), " ",
      ready.ok() ? Pill("good", "ready") : Pill("odd", "not ready"),
      status.draining ? Pill("odd", "draining") : "",
      " <span class=\"dim\">version ", HtmlEscape(status.version),
      "</span></header>\n");
  for (const absl::Status& one : {alive, ready}) {
    if (one.ok() || (alive.ok() && status.draining)) continue;
    absl::StrAppend(&html, "<p class=\"why odd\">", HtmlEscape(one.message()),
                    "</p>\n");
  }
  return html;
}

std::string Place(const DaemonStatus& status) {
  return absl::StrCat(
      "<p class=\"why\">",
      status.role == Role::kGuest ? "listens on" : "connects to", " <code>",
      HtmlEscape(status.service), "</code> for the channels in <code>",
      HtmlEscape(status.directory), "</code></p>\n");
}

std::string Tiles(const DaemonStatus& status) {
  const size_t down = CountChannels(status, ChannelState::kDown);
  std::string html = absl::StrCat(
      "<div class=\"tiles\">\n", Tile(HumanDuration(status.uptime), "up"),
      Tile(absl::StrCat(CountChannels(status, ChannelState::kBusy)),
           "sessions now"),
      Tile(absl::StrCat(status.channels.size() - down, " of ",
                        status.channels.size()),
           "channels connected"));
  if (status.queue) {
    absl::StrAppend(&html, Tile(absl::StrCat(status.queue->length, " of ",
                                             status.queue->limit),
                                "clients waiting"));
  }
  uint64_t ended = 0;
  for (const uint64_t count : status.metrics.ended) ended += count;
  absl::StrAppend(
      &html, Tile(absl::StrCat(ended), "sessions ended"),
      Tile(HumanBytes(status.metrics.all.up_bytes), "to the service"),
      Tile(HumanBytes(status.metrics.all.down_bytes), "to clients"),
      "</div>\n");
  return html;
}

std::string SessionCells(const ChannelStatus& channel) {
  if (!channel.session) return "<td class=\"dim\">&ndash;</td><td></td>";
  const SessionStatus& session = *channel.session;
  return absl::StrCat(
      "<td class=\"wrap\">",
      session.client.empty() ? "a client" : HtmlEscape(session.client),
      "<br><small>", HumanDuration(session.age),
      session.tokens.empty() ? ", being set up" : "",
      "</small></td><td class=\"n\">",
      Bytes(session.up_bytes, session.down_bytes), "</td>");
}

std::string ErrorCell(const ChannelStatus& channel) {
  if (channel.last_error.empty()) return "<td></td>";
  return absl::StrCat("<td class=\"wrap\">", HtmlEscape(channel.last_error),
                      "<br><small>", HumanDuration(channel.last_error_ago),
                      " ago</small></td>");
}

std::string Row(const ChannelStatus& channel, bool with_guest) {
  std::string html = "<tr>";
  if (with_guest) {
    absl::StrAppend(&html, "<td class=\"wrap\">", HtmlEscape(channel.guest),
                    "</td>");
  }
  absl::StrAppend(&html, "<td class=\"wrap\">", HtmlEscape(channel.name),
                  "</td><td>", StatePill(channel.state), "<br><small>",
                  HumanDuration(channel.in_state), "</small></td>",
                  SessionCells(channel), "<td class=\"n\">",
                  Bytes(channel.totals.up_bytes, channel.totals.down_bytes),
                  "</td><td class=\"wrap\">", HtmlEscape(channel.peer_agent),
                  "</td>", ErrorCell(channel), "</tr>\n");
  return html;
}

std::string Channels(const DaemonStatus& status) {
  if (status.channels.empty()) {
    return "<h2>Channels</h2>\n<p class=\"dim\">None in the directory.</p>\n";
  }
  const bool with_guest = status.role != Role::kGuest;
  std::string html = absl::StrCat(
      "<h2>Channels</h2>\n<div class=\"card\"><table>\n<tr>",
      with_guest ? "<th>Guest</th>" : "",
      "<th>Channel</th><th>State</th><th>Session</th><th class=\"n\">Its "
      "bytes</th><th class=\"n\">All bytes</th><th>Peer</th>"
      "<th>Last error</th></tr>\n");
  for (const ChannelStatus& channel : status.channels) {
    absl::StrAppend(&html, Row(channel, with_guest));
  }
  return html + "</table></div>\n";
}

std::string Ends(const MetricsSnapshot& metrics) {
  std::string rows;
  for (const Termination result : AllTerminations()) {
    const uint64_t count = metrics.ended[static_cast<size_t>(result)];
    if (count == 0) continue;
    absl::StrAppend(&rows, "<tr><td><code>", TerminationName(result),
                    "</code><br><small>",
                    HtmlEscape(TerminationMeaning(result)),
                    "</small></td><td class=\"n\">", count, "</td></tr>\n");
  }
  if (rows.empty())
    rows = "<tr><td class=\"dim\">No session has ended.</td></tr>";
  return absl::StrCat(
      "<section><h2>How sessions ended</h2>\n"
      "<div class=\"card\"><table>\n",
      rows, "</table></div></section>\n");
}

std::string Flags(const DaemonStatus& status) {
  std::string rows;
  for (const auto& [name, value] : status.flags) {
    absl::StrAppend(&rows, "<tr><td><code>", HtmlEscape(name),
                    "</code></td><td class=\"wrap\"><code>", HtmlEscape(value),
                    "</code></td></tr>\n");
  }
  if (rows.empty()) return "";
  return absl::StrCat("<section><h2>Flags</h2>\n<div class=\"card\"><table>\n",
                      rows, "</table></div></section>\n");
}

}  // namespace

std::string StatusHtml(const DaemonStatus& status) {
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta http-equiv=\"refresh\" content=\"",
      kRefreshSeconds, "\">\n<title>vios-proxy-", RoleName(status.role),
      "</title>\n<style>", kStatusStyle, "</style>\n</head>\n<body><main>\n",
      Header(status), Place(status), Tiles(status), Channels(status),
      "<div class=\"two\">\n", Ends(status.metrics), Flags(status),
      "</div>\n<footer>",
      absl::FormatTime("%Y-%m-%d %H:%M:%S", status.now, absl::UTCTimeZone()),
      " UTC, anew every ", kRefreshSeconds,
      " s &middot; <a href=\"/status\">/status</a> as JSON &middot; "
      "<a href=\"/metrics\">/metrics</a> for Prometheus</footer>\n"
      "</main></body>\n</html>\n");
}

}  // namespace vios
