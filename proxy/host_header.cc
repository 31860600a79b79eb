// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_header.h"

#include "absl/strings/match.h"
#include "proxy/socket_address.h"

namespace vios {
namespace {

// "[::1]:9090" and "name:9090" without the port.
absl::string_view WithoutPort(absl::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.rfind(':');
  if (colon == absl::string_view::npos ||
      (bracket != absl::string_view::npos && colon < bracket)) {
    return host;
  }
  return host.substr(0, colon);
}

}  // namespace

bool IsNobodysName(absl::string_view host) {
  const absl::string_view name = WithoutPort(host);
  if (name.empty() || absl::EqualsIgnoreCase(name, "localhost")) return true;
  const auto address = ParseSocketAddress(name, 0);
  return address.ok() && !address->is_unix();
}

}  // namespace vios
