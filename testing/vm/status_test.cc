// SPDX-License-Identifier: Apache-2.0
// The guest daemon's status server, asked inside a real guest.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testing/vm/eventually.h"
#include "testing/vm/proxy_vm_fixture.h"

namespace vios::testing {
namespace {

using ::testing::HasSubstr;

class StatusTest : public ProxyVmTest {
 protected:
  CommandResult Wget(const std::string& path) {
    auto ran =
        vm().agent().Run("wget -q -O - http://127.0.0.1:9090" + path, kLimit);
    EXPECT_TRUE(ran.ok()) << ran.status();
    return ran.value_or(CommandResult());
  }
};

TEST_F(StatusTest, ReadinessIsThatOfTheRealPorts) {
  Restart("--http_address=127.0.0.1:9090");
  EXPECT_TRUE(Eventually(kLimit, [&] { return Wget("/readyz").ok(); }));
  EXPECT_EQ(Wget("/livez").out, "ok\n");
  StopHost();
  // wget fails at a 503, and says it.
  EXPECT_TRUE(Eventually(kLimit, [&] { return !Wget("/readyz").ok(); }));
  EXPECT_THAT(Wget("/readyz").err, HasSubstr("503"));
  EXPECT_EQ(Wget("/livez").out, "ok\n");
  EXPECT_THAT(Wget("/metrics").out,
              HasSubstr("viosproxy_channels{state=\"down\"} 3"));
  StartHost();
  EXPECT_TRUE(Eventually(kLimit, [&] { return Wget("/readyz").ok(); }));
}

TEST_F(StatusTest, MetricsTellOfSessionsAndOfTheProcess) {
  Restart("--http_address=127.0.0.1:9090");
  EXPECT_EQ(guest().Client("source 1000000 3", "--expect=1000000:3").outcome(),
            "clean-eof");
  EXPECT_TRUE(Eventually(kLimit, [&] {
    return Wget("/metrics")
               .out.find(
                   "viosproxy_connections_total{service=\"127.0.0.1:5672\","
                   "result=\"clean\"} 1\n") != std::string::npos;
  }));
  const std::string metrics = Wget("/metrics").out;
  EXPECT_THAT(metrics, HasSubstr("direction=\"from_service\"} 1000000\n"));
  EXPECT_THAT(metrics, HasSubstr("\nprocess_open_fds "));
  EXPECT_THAT(metrics, HasSubstr("\nprocess_resident_memory_bytes "));
}

}  // namespace
}  // namespace vios::testing
