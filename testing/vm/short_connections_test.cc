// SPDX-License-Identifier: Apache-2.0
// Many short connections leave nothing behind.
#include <iostream>
#include <string>

#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

// Allocators keep a little; a leak of even 1 KiB per connection is far more.
constexpr int kResidentSlackKib = 512;

bool IsBackTo(const Figures& before, const absl::StatusOr<Figures>& now) {
  return now.ok() && now->descriptors <= before.descriptors &&
         now->threads <= before.threads &&
         now->resident_kib <= before.resident_kib + kResidentSlackKib;
}

class ShortConnectionsTest : public ProxyVmTestWithVcpus {
 protected:
  void Connect(const std::string& count) {
    const auto result = vm().agent().Run(
        "traffic short --port=5672 --count=" + count, absl::Minutes(8));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->end, "exit 0") << result->out;
    std::cout << result->out;
  }
};

TEST_P(ShortConnectionsTest, LeaveNothingBehind) {
  // First times: threads of all channels, buffers, the log.
  ExpectChannelsWork(3);
  Connect("100");
  const auto guest_before = guest().GuestFigures();
  const auto host_before = host().ReadFigures();
  ASSERT_TRUE(guest_before.ok()) << guest_before.status();
  ASSERT_TRUE(host_before.ok()) << host_before.status();

  Connect("1000");
  EXPECT_TRUE(Eventually(
      kLimit, [&] { return IsBackTo(*guest_before, guest().GuestFigures()); }))
      << *guest_before << " became "
      << guest().GuestFigures().value_or(Figures());
  EXPECT_TRUE(Eventually(
      kLimit, [&] { return IsBackTo(*host_before, host().ReadFigures()); }))
      << *host_before << " became " << host().ReadFigures().value_or(Figures());
}

INSTANTIATE_TEST_SUITE_P(Vcpus, ShortConnectionsTest, ::testing::Values(1, 2));

}  // namespace
}  // namespace vios::testing
