// SPDX-License-Identifier: Apache-2.0
#include "proxy/pump_thread.h"

#include <utility>

#include "absl/memory/memory.h"
#include "proxy/thread.h"

namespace vios {

absl::StatusOr<std::unique_ptr<PumpThread>> PumpThread::Start(
    const std::string& name, Cancel& cancel) {
  auto wakeup = Wakeup::Create(cancel);
  if (!wakeup.ok()) return wakeup.status();
  auto pump = absl::WrapUnique(new PumpThread(*std::move(wakeup)));
  auto thread = StartThread(name, [raw = pump.get()] { raw->Loop(); });
  if (!thread.ok()) return thread.status();
  pump->thread_ = *std::move(thread);
  return pump;
}

PumpThread::PumpThread(std::unique_ptr<Wakeup> wakeup)
    : wakeup_(std::move(wakeup)) {}

PumpThread::~PumpThread() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mu_);
    stop_ = true;
  }
  thread_.join();
}

void PumpThread::Begin(std::function<void()> pump) {
  absl::MutexLock lock(&mu_);
  pump_ = std::move(pump);
  busy_ = true;
}

void PumpThread::Join() {
  absl::MutexLock lock(&mu_);
  mu_.Await(absl::Condition(this, &PumpThread::Idle));
}

void PumpThread::Loop() {
  SetWokenThread(WokenThread::kPrompt);  // Whatever its owner is.
  absl::MutexLock lock(&mu_);
  while (true) {
    mu_.Await(absl::Condition(this, &PumpThread::HasWork));
    if (pump_ == nullptr) return;
    const std::function<void()> pump = std::exchange(pump_, nullptr);
    mu_.Unlock();
    pump();
    mu_.Lock();
    busy_ = false;
  }
}

}  // namespace vios
