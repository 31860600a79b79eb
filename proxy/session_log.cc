// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_log.h"

#include <chrono>
#include <utility>

#include "channel/escape.h"
#include "proxy/log.h"

namespace vios {
namespace {

constexpr std::chrono::seconds kSecond(1);
constexpr absl::string_view kOthers = "(others)";
constexpr size_t kMaxNameSize = 255;

}  // namespace

SessionLog::SessionLog()
    : SessionLog(&Clock::now,
                 [](absl::string_view message, const LogFields& fields) {
                   VIOS_LOG(kInfo).Tell(message, fields);
                 }) {}

SessionLog::SessionLog(Now now, Emit emit)
    : now_(std::move(now)), emit_(std::move(emit)) {}

SessionLog::~SessionLog() { TellUpTo(Clock::time_point::max()); }

SessionLog::Seconds::iterator SessionLog::Find(absl::string_view guest) {
  const auto known = seconds_.find(guest);
  if (known != seconds_.end()) return known;
  if (seconds_.size() >= kMaxGuests) guest = kOthers;
  return seconds_.try_emplace(std::string(guest)).first;
}

void SessionLog::Write(absl::string_view guest,
                       absl::FunctionRef<LogFields()> session, Bytes bytes) {
  const Clock::time_point now = now_();
  Sum over;
  bool show;
  {
    absl::MutexLock lock(&mu_);
    const auto found = Find(guest);
    Second& second = found->second;
    if (now - second.began >= kSecond) {
      over = {found->first, second.untold, second.untold_bytes};
      second = {.began = now};
    }
    show = ++second.lines <= kLinesPerSecond;
    if (!show) {
      ++second.untold;
      ++dropped_;
      second.untold_bytes.up += bytes.up;
      second.untold_bytes.down += bytes.down;
    }
  }
  TellSum(over);
  if (show) emit_("session ended", session());
}

void SessionLog::Tick() { TellUpTo(now_()); }

void SessionLog::TellUpTo(Clock::time_point now) {
  std::vector<Sum> over;
  {
    absl::MutexLock lock(&mu_);
    for (auto one = seconds_.begin(); one != seconds_.end();) {
      const auto& [guest, second] = *one;
      if (now - second.began < kSecond) {
        ++one;
        continue;
      }
      over.push_back({guest, second.untold, second.untold_bytes});
      one = seconds_.erase(one);
    }
  }
  for (const Sum& sum : over) TellSum(sum);
}

void SessionLog::TellSum(const Sum& sum) const {
  if (sum.sessions == 0) return;
  LogFields fields;
  fields.Add("guest", Escape(sum.guest, kMaxNameSize))
      .AddNumber("sessions", sum.sessions)
      .AddNumber("up", sum.bytes.up)
      .AddNumber("down", sum.bytes.down);
  emit_("more sessions ended within a second", fields);
}

}  // namespace vios
