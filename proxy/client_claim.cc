// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_claim.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace vios {
namespace {

// Of anything that is on the wire already as it lies in memory.
template <typename T>
absl::string_view Bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

}  // namespace

std::string ClientClaim(int fd) {
  sockaddr_storage peer = {};
  socklen_t size = sizeof(peer);
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
    return "";
  }
  if (peer.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer);
    return absl::StrCat("\x04", Bytes(v4.sin_addr), Bytes(v4.sin_port));
  }
  if (peer.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(peer);
    return absl::StrCat("\x06", Bytes(v6.sin6_addr), Bytes(v6.sin6_port));
  }
  return "";
}

}  // namespace vios
