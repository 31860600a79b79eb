// SPDX-License-Identifier: Apache-2.0
#include "channel/answers.h"

#include <utility>

namespace vios {
namespace {

constexpr auto kUnknownInterval = std::chrono::seconds(1);

}  // namespace

void Answers::OwePong(std::string bytes) { due_.pong = std::move(bytes); }

bool Answers::OweUnknownSession(Token guest, Token host) {
  const Clock::time_point now = Clock::now();
  if (last_unknown_.has_value() && now - *last_unknown_ < kUnknownInterval) {
    return false;
  }
  last_unknown_ = now;
  due_.unknown = {FrameType::kReset, guest, host};
  return true;
}

void Answers::ForgetUnknownSession() { due_.unknown.reset(); }

Answers::Due Answers::Take() { return std::exchange(due_, {}); }

void Answers::Clear() { due_ = {}; }

}  // namespace vios
