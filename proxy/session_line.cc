// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_line.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "channel/escape.h"

namespace vios {
namespace {

constexpr size_t kMaxAgentSize = 64;

// Milliseconds: sessions last from less than one to days, and one unit sorts.
std::string Ms(absl::Duration duration) {
  return absl::StrFormat("%.1fms", absl::ToDoubleMilliseconds(duration));
}

void Add(std::string& line, absl::string_view name, absl::string_view value) {
  if (!value.empty()) absl::StrAppend(&line, " ", name, "=", value);
}

}  // namespace

void SessionLine::Agreed(const SessionId& id) {
  tokens = absl::StrCat(Escape(vios::ToString(id.guest), 16), "/",
                        Escape(vios::ToString(id.host), 16));
  agent = id.options ? Escape(id.peer_agent, kMaxAgentSize) : "base protocol";
  if (guest.empty()) connect = absl::FromChrono(Clock::now() - begun);
}

std::string SessionLine::ToString() const {
  std::string line = "session ended:";
  Add(line, "guest", guest);
  Add(line, "channel", channel);
  Add(line, "client", client);
  Add(line, "tokens", tokens);
  if (guest.empty()) Add(line, "queued", Ms(queued));
  Add(line, "connect", Ms(connect));
  Add(line, "up", absl::StrCat(result.up_bytes));
  Add(line, "down", absl::StrCat(result.down_bytes));
  Add(line, "duration", Ms(absl::FromChrono(Clock::now() - begun)));
  Add(line, "peer", agent.empty() ? "" : absl::StrCat("\"", agent, "\""));
  Add(line, "end", absl::StrCat("\"", Describe(result.end), "\""));
  return line;
}

}  // namespace vios
