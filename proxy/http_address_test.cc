// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_address.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HttpAddressTest, ReadsAddressesWithAPortAndUnixPaths) {
  for (const std::string text : {"127.0.0.1:9090", "0.0.0.0:0", "[::1]:65535",
                                 "[::]:80", "unix:/run/x.sock"}) {
    const auto address = ParseHttpAddress(text);
    ASSERT_TRUE(address.ok()) << text << ": " << address.status();
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(HttpAddressTest, RefusesEverythingElse) {
  for (const std::string text :
       {"", "127.0.0.1", ":9090", "9090", "localhost:9090",
        "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:99999999999",
        "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:8x", "::1:9090", "[::1]",
        "unix:", "unix:relative", "http://127.0.0.1:9090"}) {
    EXPECT_FALSE(ParseHttpAddress(text).ok()) << text;
  }
}

TEST(HttpAddressTest, KnowsWhatOnlyThisMachineReaches) {
  for (const char* text :
       {"127.0.0.1:1", "127.255.0.9:1", "[::1]:1", "unix:/run/x.sock"}) {
    EXPECT_TRUE(IsLocal(*ParseHttpAddress(text))) << text;
  }
  for (const char* text : {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[fe80::1]:1",
                           "[::ffff:127.0.0.1]:1"}) {
    EXPECT_FALSE(IsLocal(*ParseHttpAddress(text))) << text;
  }
}

}  // namespace
}  // namespace vios
