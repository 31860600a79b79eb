// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_header.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HostHeaderTest, AddressesAndLocalhostAreNobodysNames) {
  for (const char* host :
       {"", ":9090", "localhost", "LocalHost:9090", "127.0.0.1",
        "127.0.0.1:9090", "10.1.2.3:80", "[::1]", "[::1]:9090"}) {
    EXPECT_TRUE(IsNobodysName(host)) << host;
  }
}

TEST(HostHeaderTest, AllElseMayBeSomebodys) {
  for (const char* host :
       {"evil.example", "evil.example:9090", "localhost.evil.example",
        "127.0.0.1.evil.example:80", "unix:/x", "unix:/x:1", "[::1", "[::1].x",
        "x[::1]", "127.0.0.1 ", "1.2.3", "[evil.example]:80", "]:1"}) {
    EXPECT_FALSE(IsNobodysName(host)) << host;
  }
}

}  // namespace
}  // namespace vios
