// SPDX-License-Identifier: Apache-2.0
#include "proxy/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "channel/endpoint.h"

namespace vios {
namespace {

absl::StatusOr<SocketAddress> ParseUnixPath(absl::string_view path) {
  if (path.empty() || path[0] != '/' ||
      path.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("unix:", path, " is not unix: and an absolute path"));
  }
  if (path.size() > kMaxSocketPath) {
    return absl::InvalidArgumentError(
        absl::StrCat("unix:", path, " has a path of ", path.size(),
                     " bytes, a socket's may have ", kMaxSocketPath));
  }
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  const size_t size = offsetof(sockaddr_un, sun_path) + path.size() + 1;
  return SocketAddress(reinterpret_cast<const sockaddr*>(&address),
                       static_cast<socklen_t>(size));
}

absl::string_view WithoutBrackets(absl::string_view address) {
  absl::string_view inner = address;
  if (absl::ConsumePrefix(&inner, "[") && absl::ConsumeSuffix(&inner, "]")) {
    return inner;
  }
  return address;
}

}  // namespace

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size)
    : size_(std::min<socklen_t>(size, sizeof(storage_))) {
  std::memcpy(&storage_, address, size_);
}

SocketAddress SocketAddress::Loopback(uint16_t port) {
  sockaddr_in in = {};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return SocketAddress(reinterpret_cast<const sockaddr*>(&in), sizeof(in));
}

uint16_t SocketAddress::port() const {
  if (family() == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  }
  if (family() == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port);
  }
  return 0;
}

absl::string_view SocketAddress::ip_bytes() const {
  const auto bytes = [](const auto& ip) -> absl::string_view {
    return {reinterpret_cast<const char*>(&ip), sizeof(ip)};
  };
  if (family() == AF_INET) {
    return bytes(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr);
  }
  if (family() == AF_INET6) {
    return bytes(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr);
  }
  return "";
}

std::string SocketAddress::path() const {
  if (!is_unix() || size_ <= offsetof(sockaddr_un, sun_path)) return "";
  const char* path = reinterpret_cast<const sockaddr_un*>(&storage_)->sun_path;
  return std::string(path,
                     strnlen(path, size_ - offsetof(sockaddr_un, sun_path)));
}

std::string SocketAddress::HostToString() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(&storage_);
    return ::inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
  }
  if (family() == AF_INET6) {
    const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&storage_);
    return ::inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
  }
  return absl::StrCat("unix:", path());
}

std::string SocketAddress::ToString() const {
  if (is_unix()) return HostToString();
  if (family() == AF_INET) return absl::StrCat(HostToString(), ":", port());
  return absl::StrCat("[", HostToString(), "]:", port());
}

bool operator==(const SocketAddress& a, const SocketAddress& b) {
  return a.size_ == b.size_ &&
         std::memcmp(&a.storage_, &b.storage_, a.size_) == 0;
}

absl::StatusOr<SocketAddress> ParseSocketAddress(absl::string_view address,
                                                 uint16_t port) {
  absl::string_view path = address;
  if (absl::ConsumePrefix(&path, "unix:")) return ParseUnixPath(path);
  sockaddr_in in = {};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  if (::inet_pton(AF_INET, std::string(address).c_str(), &in.sin_addr) == 1) {
    return SocketAddress(reinterpret_cast<const sockaddr*>(&in), sizeof(in));
  }
  sockaddr_in6 in6 = {};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(port);
  const std::string literal(WithoutBrackets(address));
  if (::inet_pton(AF_INET6, literal.c_str(), &in6.sin6_addr) == 1) {
    return SocketAddress(reinterpret_cast<const sockaddr*>(&in6), sizeof(in6));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", address, "' is not an IPv4 or IPv6 address or unix:/path"));
}

}  // namespace vios
