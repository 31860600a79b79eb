// SPDX-License-Identifier: Apache-2.0
#include "proxy/socket_address.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/endpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

std::string Shown(absl::string_view address) {
  const absl::StatusOr<SocketAddress> parsed =
      ParseSocketAddress(address, 5672);
  return parsed.ok() ? parsed->ToString()
                     : std::string(parsed.status().message());
}

TEST(SocketAddressTest, ShowsWhatItParsed) {
  EXPECT_EQ(Shown("127.0.0.1"), "127.0.0.1:5672");
  EXPECT_EQ(Shown("::1"), "[::1]:5672");
  EXPECT_EQ(Shown("[::1]"), "[::1]:5672");
  EXPECT_EQ(Shown("unix:/run/x.sock"), "unix:/run/x.sock");
}

TEST(SocketAddressTest, ItsHostParsesAgain) {
  for (const char* host : {"127.0.0.1", "::1", "unix:/run/x.sock"}) {
    EXPECT_EQ(ParseSocketAddress(host, 5672)->HostToString(), host);
  }
}

TEST(SocketAddressTest, KeepsFamilyPortAndPath) {
  const auto ip = ParseSocketAddress("::1", 65535);
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip->family(), AF_INET6);
  EXPECT_EQ(ip->port(), 65535);
  EXPECT_EQ(ip->path(), "");
  const auto local = ParseSocketAddress("unix:/x", 1);
  ASSERT_TRUE(local.ok());
  EXPECT_TRUE(local->is_unix());
  EXPECT_EQ(local->path(), "/x");
  EXPECT_EQ(local->port(), 0);
}

TEST(SocketAddressTest, TellsAddressesApart) {
  EXPECT_TRUE(*ParseSocketAddress("127.0.0.1", 1) ==
              *ParseSocketAddress("127.0.0.1", 1));
  EXPECT_FALSE(*ParseSocketAddress("127.0.0.1", 1) ==
               *ParseSocketAddress("127.0.0.1", 2));
}

TEST(SocketAddressTest, RefusesNamesAndGarbage) {
  for (const char* bad :
       {"", "localhost", "127.0.0", "1.2.3.4.5", "[127.0.0.1]", "[::1", "::1]",
        "127.0.0.1:80", " 127.0.0.1"}) {
    EXPECT_THAT(Shown(bad), HasSubstr("is not an IPv4 or IPv6 address")) << bad;
  }
}

TEST(SocketAddressTest, RefusesEmptyAndRelativePaths) {
  EXPECT_THAT(Shown("unix:"), HasSubstr("absolute path"));
  EXPECT_THAT(Shown("unix:run/x"), HasSubstr("absolute path"));
}

TEST(SocketAddressTest, TakesThePathsThatFit) {
  const std::string longest = "/" + std::string(kMaxSocketPath - 1, 'x');
  EXPECT_EQ(Shown("unix:" + longest), "unix:" + longest);
  EXPECT_THAT(Shown(absl::StrCat("unix:", longest, "x")),
              HasSubstr("path of 108 bytes, a socket's may have 107"));
}

}  // namespace
}  // namespace vios
