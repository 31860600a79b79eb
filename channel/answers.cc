// SPDX-License-Identifier: Apache-2.0
#include "channel/answers.h"

#include <utility>

namespace vios {
namespace {

constexpr auto kUnknownInterval = std::chrono::seconds(1);

}  // namespace

void Answers::OwePong(std::string bytes) {
  absl::MutexLock lock(&mu_);
  due_.pong = std::move(bytes);
  any_.store(true, std::memory_order_release);
}

bool Answers::OweUnknownSession(Token guest, Token host) {
  absl::MutexLock lock(&mu_);
  const Clock::time_point now = Clock::now();
  if (last_unknown_.has_value() && now - *last_unknown_ < kUnknownInterval) {
    return false;
  }
  last_unknown_ = now;
  due_.unknown = {FrameType::kReset, guest, host};
  any_.store(true, std::memory_order_release);
  return true;
}

void Answers::ForgetUnknownSession() {
  absl::MutexLock lock(&mu_);
  due_.unknown.reset();
  any_.store(due_.pong.has_value(), std::memory_order_release);
}

Answers::Due Answers::Take() {
  absl::MutexLock lock(&mu_);
  any_.store(false, std::memory_order_release);
  return std::exchange(due_, {});
}

void Answers::Clear() {
  absl::MutexLock lock(&mu_);
  due_ = {};
  any_.store(false, std::memory_order_release);
}

}  // namespace vios
