// SPDX-License-Identifier: Apache-2.0
#include "channel/silence.h"

#include <algorithm>
#include <random>
#include <utility>

namespace vios {
namespace {

// Uniform in 1 - spread .. 1 + spread.
double Jitter(double spread) {
  static thread_local std::minstd_rand random(std::random_device{}());
  return std::uniform_real_distribution<double>(1 - spread, 1 + spread)(random);
}

Deadline In(Clock::time_point start, absl::Duration wait) {
  return Deadline::At(start + absl::ToChronoNanoseconds(wait));
}

}  // namespace

void Silence::Connected(Clock::time_point now) {
  state_ = State::kNeverHeard;
  noted_frame_.reset();
  const bool in_vain =
      std::exchange(gave_up_, false) && patience_ != absl::ZeroDuration();
  patience_ = in_vain ? std::min(2 * patience_, limits_.most) : limits_.first;
  next_ = In(now, patience_ * Jitter(limits_.jitter));
}

void Silence::Note(Clock::time_point now, const Signs& signs) {
  const bool new_frame =
      signs.last_frame.has_value() &&
      (!noted_frame_.has_value() || *signs.last_frame > *noted_frame_);
  if (new_frame) {
    noted_frame_ = signs.last_frame;
    Heard(*signs.last_frame, signs.peer_has_options);
  } else if (state_ == State::kNeverHeard && signs.heard) {
    Heard(now, signs.peer_has_options);
  }
}

void Silence::Heard(Clock::time_point when, bool peer_has_options) {
  patience_ = absl::ZeroDuration();
  // One that cannot be asked is trusted once it has said anything.
  state_ = peer_has_options ? State::kHeard : State::kTrusted;
  next_ = In(when, limits_.ask_after);
}

Silence::Act Silence::Check(Clock::time_point now, const Signs& signs) {
  Note(now, signs);
  if (next_.never() || now < next_.when()) return Act::kWait;
  switch (state_) {
    case State::kHeard:
      state_ = State::kAsked;
      next_ = In(now, limits_.answer_within);
      return Act::kAsk;
    case State::kNeverHeard:
    case State::kAsked:
      return Act::kQueueUp;
    case State::kTrusted:  // Until a peer that can be asked takes its place.
      Heard(now, signs.peer_has_options);
      return Act::kWait;
    case State::kInQueue:
      break;
  }
  gave_up_ = true;
  return Act::kReconnect;
}

void Silence::TurnAt(Clock::time_point when) {
  state_ = State::kInQueue;
  next_ = Deadline::At(when);
}

}  // namespace vios
