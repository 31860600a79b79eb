// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_claim.h"

#include <sys/socket.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "proxy/socket_address.h"
#include "proxy/tcp.h"

namespace vios {

std::string ClientClaim(int fd) {
  const auto client = FarAddress(fd);
  if (!client.has_value() || client->is_unix()) return "";
  const char family = client->family() == AF_INET ? 4 : 6;
  const uint16_t port = client->port();
  return absl::StrCat(
      std::string(1, family), client->ip_bytes(),
      std::string({static_cast<char>(port >> 8), static_cast<char>(port)}));
}

}  // namespace vios
