// SPDX-License-Identifier: Apache-2.0
#include "channel/cancel.h"

#include <utility>

namespace vios {

Cancel::Cancel(Cancel& parent) {
  from_parent_.emplace(parent, [this] { Fire(); });
}

void Cancel::Fire() {
  absl::MutexLock lock(&mu_);
  if (fired_.exchange(true, std::memory_order_acq_rel)) return;
  for (const auto& on_fire : listeners_) on_fire();
}

Cancel::Listener::Listener(Cancel& cancel, std::function<void()> on_fire)
    : cancel_(cancel) {
  std::list<std::function<void()>> one;
  one.push_back(std::move(on_fire));  // Who fires waits for nobody's memory.
  place_ = one.begin();
  absl::MutexLock lock(&cancel_.mu_);
  cancel_.listeners_.splice(cancel_.listeners_.end(), one);
  if (cancel_.fired()) (*place_)();
}

Cancel::Listener::~Listener() {
  absl::MutexLock lock(&cancel_.mu_);
  cancel_.listeners_.erase(place_);
}

}  // namespace vios
