// SPDX-License-Identifier: Apache-2.0
#include "proxy/proxy_header.h"

#include <sys/socket.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

constexpr size_t kMaxAuthority = 255;
constexpr size_t kMaxUniqueId = 128;

constexpr absl::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr char kVersion2Proxy = '\x21';
// Family and transport.
constexpr char kUnspecified = '\x00';
constexpr char kTcp4 = '\x11';
constexpr char kTcp6 = '\x21';

std::string BigEndian16(size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::string Tlv(char type, absl::string_view value) {
  return absl::StrCat(std::string(1, type), BigEndian16(value.size()), value);
}

std::string UniqueId(const ProxyIdentity& identity) {
  const std::string end =
      absl::StrCat("/", identity.tokens).substr(0, kMaxUniqueId);
  const std::string names = absl::StrCat(identity.guest, "/", identity.channel);
  return names.substr(0, kMaxUniqueId - end.size()) + end;
}

// Family byte and addresses.
struct Addresses {
  char family = kUnspecified;
  std::string block;
};

Addresses AddressesOf(const ProxyLeg& leg) {
  if (!leg.ours.has_value() || !leg.service.has_value()) return {};
  const int family = leg.ours->family();
  if (family != leg.service->family()) return {};
  if (family != AF_INET && family != AF_INET6) return {};
  return {family == AF_INET ? kTcp4 : kTcp6,
          absl::StrCat(leg.ours->ip_bytes(), leg.service->ip_bytes(),
                       BigEndian16(leg.ours->port()),
                       BigEndian16(leg.service->port()))};
}

std::string Version2(const ProxyIdentity& identity,
                     const Addresses& addresses) {
  std::string tlvs =
      absl::StrCat(Tlv(kTlvAuthority, identity.guest.substr(0, kMaxAuthority)),
                   Tlv(kTlvUniqueId, UniqueId(identity)));
  if (!identity.claim.empty()) {
    tlvs += Tlv(kTlvClaim, identity.claim.substr(0, kMaxAuthority));
  }
  std::string header(kSignature);
  header += kVersion2Proxy;
  header += addresses.family;
  return absl::StrCat(header, BigEndian16(addresses.block.size() + tlvs.size()),
                      addresses.block, tlvs);
}

}  // namespace

std::string ProxyHeader(ProxyProtocol version, const ProxyIdentity& identity,
                        const ProxyLeg& leg) {
  switch (version) {
    case ProxyProtocol::kOff:
      return "";
    case ProxyProtocol::kV1:
      return "PROXY UNKNOWN\r\n";
    case ProxyProtocol::kV2:
      return Version2(identity, {});
    case ProxyProtocol::kV2Inet:
      return Version2(identity, AddressesOf(leg));
  }
  return "";
}

}  // namespace vios
