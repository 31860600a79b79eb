// SPDX-License-Identifier: Apache-2.0
#include "proxy/guest_limits.h"

namespace vios {

std::shared_ptr<GuestPacers> GuestLimits::Of(const std::string& guest) {
  absl::MutexLock lock(&mu_);
  std::shared_ptr<GuestPacers>& pacers = pacers_[guest];
  if (pacers == nullptr) pacers = std::make_shared<GuestPacers>();
  return pacers;
}

void GuestLimits::KeepOnly(const std::set<std::string>& guests) {
  absl::MutexLock lock(&mu_);
  std::erase_if(pacers_, [&guests](const auto& entry) {
    return guests.find(entry.first) == guests.end();
  });
}

}  // namespace vios
