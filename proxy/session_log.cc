// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_log.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proxy/log.h"

namespace vios {
namespace {

constexpr std::chrono::seconds kSecond(1);
constexpr absl::string_view kOthers = "other guests";

// Empty when every line was shown.
std::string SumUp(absl::string_view guest, int lines) {
  const int more = lines - SessionLog::kLinesPerSecond;
  if (more <= 0) return "";
  return absl::StrCat(more, " more sessions of ", guest,
                      " ended in the last second");
}

}  // namespace

SessionLog::SessionLog()
    : SessionLog(&Clock::now,
                 [](const std::string& line) { VIOS_LOG(kInfo) << line; }) {}

SessionLog::SessionLog(Now now, Emit emit)
    : now_(std::move(now)), emit_(std::move(emit)) {}

SessionLog::Seconds::iterator SessionLog::Find(absl::string_view guest) {
  const auto known = seconds_.find(guest);
  if (known != seconds_.end()) return known;
  if (seconds_.size() >= kMaxGuests) guest = kOthers;
  return seconds_.try_emplace(std::string(guest)).first;
}

void SessionLog::Write(absl::string_view guest, absl::string_view line) {
  const Clock::time_point now = now_();
  std::string sum;
  bool show;
  {
    absl::MutexLock lock(&mu_);
    const auto found = Find(guest);
    Second& second = found->second;
    if (now - second.began >= kSecond) {
      sum = SumUp(found->first, second.lines);
      second = {now, 0};
    }
    show = ++second.lines <= kLinesPerSecond;
  }
  if (!sum.empty()) emit_(sum);
  if (show) emit_(std::string(line));
}

void SessionLog::Tick() {
  const Clock::time_point now = now_();
  std::vector<std::string> sums;
  {
    absl::MutexLock lock(&mu_);
    for (auto one = seconds_.begin(); one != seconds_.end();) {
      const auto& [guest, second] = *one;
      if (now - second.began < kSecond) {
        ++one;
        continue;
      }
      sums.push_back(SumUp(guest, second.lines));
      one = seconds_.erase(one);
    }
  }
  for (const std::string& sum : sums) {
    if (!sum.empty()) emit_(sum);
  }
}

}  // namespace vios
