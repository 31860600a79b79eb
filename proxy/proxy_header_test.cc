// SPDX-License-Identifier: Apache-2.0
#include "proxy/proxy_header.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::EndsWith;

ProxyIdentity Someone() { return {"g1", "0", "abcd/ABCD", "10.0.0.1:80"}; }

TEST(ProxyHeaderTest, OffIsNothing) {
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kOff, Someone()), "");
}

TEST(ProxyHeaderTest, Version1KnowsNoAddress) {
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV1, Someone()), "PROXY UNKNOWN\r\n");
}

TEST(ProxyHeaderTest, Version2ByteByByte) {
  const std::string want = std::string(
      "\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a"  // Signature.
      "\x21\x00"      // Version 2, PROXY; unspecified.
      "\x00\x24"      // 36 bytes follow.
      "\x02\x00\x02"  // AUTHORITY, 2 bytes.
      "g1"
      "\x05\x00\x0e"  // UNIQUE_ID, 14 bytes.
      "g1/0/abcd/ABCD"
      "\xe2\x00\x0b"  // The claim, 11 bytes.
      "10.0.0.1:80",
      52);
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV2, Someone()), want);
}

TEST(ProxyHeaderTest, InetHasTheAddressesOfTheLeg) {
  const ProxyIdentity identity = {"g", "0", "t", ""};
  const std::string tlvs("\x02\x00\x01g\x05\x00\x05g/0/t", 12);
  const std::string v4(
      "\x21\x11\x00\x18\x7f\x00\x00\x01\x0a\x00\x00\x02"
      "\x12\x34\x16\x28",
      16);
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV2Inet, identity,
                        {ParseSocketAddress("127.0.0.1", 0x1234).value(),
                         ParseSocketAddress("10.0.0.2", 5672).value()})
                .substr(12),
            v4 + tlvs);
  const std::string v6 = "\x21\x21" + std::string("\x00\x30", 2) +
                         std::string(15, '\0') + "\x01" +
                         std::string(15, '\0') + "\x01" + "\x12\x34\x16\x28";
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV2Inet, identity,
                        {ParseSocketAddress("::1", 0x1234).value(),
                         ParseSocketAddress("::1", 5672).value()})
                .substr(12),
            v6 + tlvs);
}

TEST(ProxyHeaderTest, InetWithoutTcpIsVersion2) {
  const auto unix_socket = ParseSocketAddress("unix:/x", 0).value();
  const std::string want = ProxyHeader(ProxyProtocol::kV2, Someone());
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV2Inet, Someone(),
                        {unix_socket, unix_socket}),
            want);
  EXPECT_EQ(ProxyHeader(ProxyProtocol::kV2Inet, Someone()), want);
}

TEST(ProxyHeaderTest, NoClaimIsNoTlv) {
  ProxyIdentity identity = Someone();
  identity.claim = "";
  const std::string header = ProxyHeader(ProxyProtocol::kV2, identity);
  EXPECT_EQ(header.size(), 16u + 3 + 2 + 3 + 14);
  EXPECT_EQ(header[15], 3 + 2 + 3 + 14);
}

TEST(ProxyHeaderTest, LongNamesLoseTheirEndAndTokensNever) {
  ProxyIdentity identity = Someone();
  identity.guest = std::string(300, 'g');
  identity.claim = "";
  const std::string header = ProxyHeader(ProxyProtocol::kV2, identity);
  ASSERT_EQ(header.size(), 16u + 3 + 255 + 3 + 128);
  EXPECT_EQ(header.substr(14, 2), std::string("\x01\x85"));  // 389
  EXPECT_EQ(header.substr(16, 3), std::string("\x02\x00\xff", 3));
  EXPECT_EQ(header.substr(16 + 3 + 255, 3), std::string("\x05\x00\x80", 3));
  EXPECT_THAT(header, EndsWith("ggg/abcd/ABCD"));
}

}  // namespace
}  // namespace vios
