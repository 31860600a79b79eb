// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_role.h"

#include <chrono>

#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/deadline.h"
#include "channel/endpoint.h"
#include "gtest/gtest.h"
#include "proxy/active_count.h"
#include "proxy/guest_limits.h"
#include "proxy/metrics.h"
#include "proxy/options.h"
#include "proxy/resolver.h"
#include "proxy/session_log.h"

namespace vios {
namespace {

// QEMU has room for 32 notices of a device, and its guest does not see the
// rest.
TEST(HostRoleTest, AlsoTheFirstChannelsOfAGuestAreOpenedOneAfterTheOther) {
  HostOptions options;
  ServiceResolver resolver(options.service);
  GuestLimits limits;
  SessionLog log;
  Cancel drain;
  ActiveCount active;
  Metrics metrics{Role::kHost};
  const Clock::time_point begin = Clock::now();
  HostRole role(options, resolver, limits, log, drain, active, metrics);
  Endpoint endpoint;
  endpoint.guest = "guest1";
  Clock::time_point last = role.ReserveOpening(endpoint).when();
  EXPECT_GE(last - begin, absl::ToChronoNanoseconds(options.silence.away));
  for (int i = 1; i < 30; ++i) {
    const Clock::time_point next = role.ReserveOpening(endpoint).when();
    EXPECT_GE(next - last, std::chrono::milliseconds(10)) << i;
    last = next;
  }
}

}  // namespace
}  // namespace vios
