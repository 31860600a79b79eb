// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_address.h"

#include <netinet/in.h>

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "proxy/digits.h"

namespace vios {
namespace {

absl::StatusOr<uint16_t> ParsePort(absl::string_view text) {
  const std::optional<int> port = ParseDigits(text);
  if (text.size() > 5 || !port.has_value() || *port > UINT16_MAX) {
    return absl::InvalidArgumentError("no port from 0 to 65535");
  }
  return static_cast<uint16_t>(*port);
}

}  // namespace

absl::StatusOr<SocketAddress> ParseHttpAddress(absl::string_view text) {
  if (absl::StartsWith(text, "unix:")) return ParseSocketAddress(text, 0);
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError("no port");
  }
  const absl::string_view address = text.substr(0, colon);
  // "::1:80" could be read in two ways.
  if (absl::StrContains(address, ':') && !absl::StartsWith(address, "[")) {
    return absl::InvalidArgumentError("an IPv6 address without brackets");
  }
  const auto port = ParsePort(text.substr(colon + 1));
  if (!port.ok()) return port.status();
  return ParseSocketAddress(address, *port);
}

bool IsLocal(const SocketAddress& address) {
  if (address.is_unix()) return true;
  if (address.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.addr());
    return (ntohl(v4->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.addr());
  return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

}  // namespace vios
