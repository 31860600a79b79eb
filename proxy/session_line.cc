// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_line.h"

#include "absl/strings/str_cat.h"
#include "channel/escape.h"
#include "proxy/termination.h"
#include "proxy/token_text.h"

namespace vios {
namespace {

constexpr size_t kMaxAgentSize = 64;
constexpr size_t kMaxNameSize = 255;

}  // namespace

void SessionLine::Asked(Token guest_token) {
  tokens = absl::StrCat(TokenText(guest_token), "/-");
}

void SessionLine::Agreed(const SessionId& id) {
  tokens = absl::StrCat(TokenText(id.guest), "/", TokenText(id.host));
  agent = id.options ? Escape(id.peer_agent, kMaxAgentSize) : "base protocol";
  if (guest.empty()) connect = absl::FromChrono(Clock::now() - begun);
}

absl::Duration SessionLine::Duration() const {
  return absl::FromChrono((result.ran ? result.ended : Clock::now()) - begun);
}

LogFields SessionLine::Fields() const {
  const bool in_guest = guest.empty();
  const Role role = in_guest ? Role::kGuest : Role::kHost;
  LogFields fields;
  fields.Add("guest", Escape(guest, kMaxNameSize))
      .Add("channel", Escape(channel, kMaxNameSize))
      .Add("client", client)
      .Add("tokens", tokens);
  if (in_guest) fields.AddDuration("queued", queued);
  return fields.AddDuration("connect", connect)
      .AddNumber("up", result.up_bytes)
      .AddNumber("down", result.down_bytes)
      .AddDuration("duration", Duration())
      .AddText("peer", agent)
      .Add("why", TerminationName(TerminationOf(result.end, role, result.ran)))
      .Add("by", EndedBy(result.end))
      .AddText("end", Describe(result.end));
}

}  // namespace vios
