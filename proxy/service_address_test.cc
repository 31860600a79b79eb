// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_address.h"

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(ServiceAddressTest, TakesLiteralsPathsAndNames) {
  for (const char* good :
       {"127.0.0.1", "[::1]", "unix:/s", "localhost", "db-1.example.org",
        "example.org.", "a_b", "1and1.com"}) {
    EXPECT_TRUE(ServiceAddress::Parse(good, 1).ok()) << good;
  }
}

TEST(ServiceAddressTest, RefusesTheRest) {
  for (const char* bad :
       {"", ".", "a..b", "a b", "1.2.3.4.5", "300.1.1.1", "127.1", "host:80",
        "unix:relative", "unix:", "a/b"}) {
    EXPECT_FALSE(ServiceAddress::Parse(bad, 1).ok()) << bad;
  }
}

TEST(ServiceAddressTest, ALiteralNeedsNoResolver) {
  const auto address = ServiceAddress::Parse("[::1]", 80);
  EXPECT_EQ(address->literal(), ParseSocketAddress("::1", 80).value());
  EXPECT_EQ(address->ToString(), "[::1]:80");
  EXPECT_EQ(ServiceAddress(*address->literal()).host(), "::1");
}

TEST(ServiceAddressTest, AUnixSocketHasNoPort) {
  const auto address = ServiceAddress::Parse("unix:/s", 80);
  EXPECT_TRUE(address->is_unix());
  EXPECT_EQ(address->ToString(), "unix:/s");
}

TEST(ServiceAddressTest, ANameIsNoLiteral) {
  const auto address = ServiceAddress::Parse("db.example", 80);
  EXPECT_FALSE(address->literal().has_value());
  EXPECT_FALSE(address->is_unix());
  EXPECT_EQ(address->ToString(), "db.example:80");
}

}  // namespace
}  // namespace vios
