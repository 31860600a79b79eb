// SPDX-License-Identifier: Apache-2.0
#include "proxy/channel_stats.h"

#include <algorithm>

namespace vios {

void ChannelStats::Connected() {
  connections_.Add();
  absl::MutexLock lock(&mu_);
  frames_before_ = counters_.read.idle_frames.value();
}

void ChannelStats::Enter(ChannelState state) {
  absl::MutexLock lock(&mu_);
  session_.reset();
  if (state == state_) return;
  state_ = state;
  since_ = Clock::now();
}

void ChannelStats::BeginSession(absl::string_view client) {
  Enter(ChannelState::kBusy);
  absl::MutexLock lock(&mu_);
  session_ = {"", std::string(client), Clock::now(), Totals()};
}

void ChannelStats::Agreed(absl::string_view tokens,
                          absl::string_view peer_agent) {
  absl::MutexLock lock(&mu_);
  peer_agent_ = std::string(peer_agent);
  if (session_) session_->tokens = std::string(tokens);
}

void ChannelStats::Failed(absl::string_view why) {
  absl::MutexLock lock(&mu_);
  last_error_ = std::string(why);
  last_error_at_ = Clock::now();
}

void ChannelStats::CountProtocolError(ProtocolErrorKind kind) {
  protocol_errors_[static_cast<size_t>(kind)].Add();
}

ChannelState ChannelStats::state() const {
  absl::MutexLock lock(&mu_);
  return state_;
}

ChannelTotals ChannelStats::Totals() const {
  const ReadCounters& read = counters_.read;
  const WriteCounters& write = counters_.write;
  const bool guest = role_ == Role::kGuest;
  ChannelTotals totals = {
      .up_bytes = (guest ? write.bytes : read.bytes).value(),
      .down_bytes = (guest ? read.bytes : write.bytes).value(),
      .reconnects = std::max<uint64_t>(connections_.value(), 1) - 1,
      .resyncs = read.resyncs.value(),
      .skipped_bytes = read.skipped_bytes.value(),
      .stale_frames = read.stale_frames.value(),
      .dropped_answers = read.dropped_answers.value(),
      .read_recoveries = read.recoveries.value(),
      .write_recoveries = write.recoveries.value()};
  for (size_t i = 0; i < protocol_errors_.size(); ++i) {
    totals.protocol_errors[i] = protocol_errors_[i].value();
  }
  return totals;
}

ChannelStatus ChannelStats::Status() const {
  const ChannelTotals totals = Totals();
  const Clock::time_point now = Clock::now();
  absl::MutexLock lock(&mu_);
  ChannelStatus status = {
      .guest = guest_,
      .name = name_,
      .state = state_,
      .in_state = absl::FromChrono(now - since_),
      .peer_agent = peer_agent_,
      .heard = counters_.read.idle_frames.value() > frames_before_,
      .totals = totals,
      .last_error = last_error_};
  if (!last_error_.empty()) {
    status.last_error_ago = absl::FromChrono(now - last_error_at_);
  }
  if (session_) {
    // The counters were read first: a session may have begun since.
    const auto since = [](uint64_t count, uint64_t before) {
      return count > before ? count - before : 0;
    };
    status.session = {
        .tokens = session_->tokens,
        .client = session_->client,
        .age = absl::FromChrono(now - session_->begun),
        .up_bytes = since(totals.up_bytes, session_->before.up_bytes),
        .down_bytes = since(totals.down_bytes, session_->before.down_bytes)};
  }
  return status;
}

}  // namespace vios
