// SPDX-License-Identifier: Apache-2.0
#include "testing/fuzz/output.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "channel/raw_frame.h"
#include "glog/logging.h"

namespace vios::fuzz {
namespace {

constexpr size_t kPreamble = 14 + 65535;
constexpr size_t kMostInOneWrite = 32768;

}  // namespace

void Output::Take(absl::string_view bytes) {
  absl::StrAppend(&left_, bytes);
  size_t at = 0;
  while (true) {
    const absl::string_view rest = absl::string_view(left_).substr(at);
    const size_t run = std::min(rest.find_first_not_of('V'), rest.size());
    if (run == rest.size()) break;
    CHECK(run == 1 || run == 1 + kPreamble) << "a run of " << run;
    const Sight sight = LookAt(rest.substr(run - 1));
    CHECK(sight.fit != Fit::kNone) << "bytes that are no frame";
    if (sight.fit != Fit::kFrame) break;
    if (run > 1) TakePreamble();
    OnFrame(sight.frame);
    ++frames_;
    at += run - 1 + sight.frame.size();
  }
  left_.erase(0, at);
}

void Output::CheckEnd() const { CHECK_EQ(left_, "") << "a torn frame"; }

// A guest's is its greeting; a host's is for peers that can stand it.
void Output::TakePreamble() {
  CHECK(!preamble_) << "a second preamble";
  preamble_ = true;
  if (role_ == Role::kGuest) {
    CHECK_EQ(frames_, 0u);
  } else {
    CHECK(model_.options_shown() && options_enabled_);
  }
}

const ModelSession& Output::session() const {
  CHECK(!sessions_.empty()) << "no session was greeted";
  return model_.sessions()[sessions_.size() - 1];
}

void Output::OnFrame(const WireFrame& frame) {
  CHECK(role_ == Role::kHost || preamble_) << "no greeting";
  CHECK_LE(frame.size(), kMostInOneWrite);
  if (frame.out_of_session()) return OnOutOfSession(frame);
  if (frame.type == 'A' || frame.type == 'C') return OnGreeting(frame);
  if (frame.type == 'H') return OnReset(frame);
  OnSession(frame);
}

void Output::OnOutOfSession(const WireFrame& frame) {
  CHECK(options_enabled_);
  CHECK_EQ(frame.length, 8u);
  if (frame.type == 'I') {
    CHECK(role_ == Role::kGuest && frames_ == 0) << "a PING out of place";
    return;
  }
  CHECK_EQ(frame.type, 'J');
  const std::string bytes(frame.payload);
  CHECK(model_.pings().count(bytes) != 0) << "a PONG that nobody asked for";
  pongs_.push_back(bytes);
}

void Output::OnGreeting(const WireFrame& frame) {
  CHECK_LT(sessions_.size(), model_.sessions().size()) << "nobody asked";
  const size_t index = sessions_.size();
  sessions_.emplace_back();
  const bool guest = role_ == Role::kGuest;
  CHECK_EQ(frame.type, guest ? 'A' : 'C');
  const auto ours = guest ? frame.guest : frame.host;
  CHECK(IsName(ours));
  CHECK_EQ(guest ? frame.host : frame.guest, guest ? "????" : session().peer);
  const WireBlock block = ParseBlock(frame.payload);
  CHECK_EQ(block.valid, guest ? options_enabled_ : session().options_offered);
  CHECK_EQ(block.version, block.valid ? 1 : 0);
  CHECK_EQ(block.valid, !frame.payload.empty());
  model_.LearnToken(index, ours);
}

void Output::OnReset(const WireFrame& frame) {
  const int reason = ReasonOf(frame.payload);
  CHECK_LE(frame.length, 1u + 255u);
  if (reason == 9) {
    CHECK(options_enabled_);
    CHECK(model_.strays().count(absl::StrCat(frame.guest, frame.host)) != 0);
    return;
  }
  const ModelSession& told = session();
  const bool guest = role_ == Role::kGuest;
  CHECK_EQ(guest ? frame.guest : frame.host, told.ours);
  CHECK_EQ(guest ? frame.host : frame.guest,
           told.peer.empty() ? "????" : told.peer);
  CHECK(told.end.has_value()) << "a session is reset, reason " << reason;
  CHECK_EQ(reason, static_cast<int>(told.end->reason));
  CHECK(!sessions_.back().reset.has_value()) << "a second RESET";
  sessions_.back().reset = reason;
}

void Output::OnSession(const WireFrame& frame) {
  const ModelSession& is = session();
  Written& written = sessions_.back();
  const bool guest = role_ == Role::kGuest;
  CHECK(is.established && !written.reset.has_value()) << frame.type;
  CHECK_EQ(frame.guest, guest ? is.ours : is.peer);
  CHECK_EQ(frame.host, guest ? is.peer : is.ours);
  if (frame.type == 'B') {
    CHECK(guest && !written.acked && frame.length == 0);
    written.acked = true;
    return;
  }
  CHECK(!guest || written.acked) << "before the ACK";
  const absl::string_view body = is.options ? TakeNumber(frame) : frame.payload;
  if (frame.type == 'D') {
    CHECK(!body.empty() && !written.fin);
    absl::StrAppend(&written.data, body);
    return;
  }
  CHECK(is.options && body.empty());
  CHECK(frame.type == 'E' || frame.type == 'F') << frame.type;
  bool& once = frame.type == 'E' ? written.fin : written.fin_ack;
  CHECK(!once && (frame.type == 'E' ? is.closed_by_app : is.fin_received));
  once = true;
}

absl::string_view Output::TakeNumber(const WireFrame& frame) {
  CHECK_GE(frame.length, 4u);
  CHECK_EQ(frame.payload.substr(frame.length - 4),
           RawNumber(session().ours, sessions_.back().numbered++));
  return frame.payload.substr(0, frame.length - 4);
}

bool Output::HasPong(absl::string_view bytes, size_t first) const {
  return first < pongs_.size() &&
         std::find(pongs_.begin() + static_cast<ptrdiff_t>(first), pongs_.end(),
                   bytes) != pongs_.end();
}

}  // namespace vios::fuzz
