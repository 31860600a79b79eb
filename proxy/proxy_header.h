// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_PROXY_HEADER_H_
#define VIOS_PROXY_PROXY_PROXY_HEADER_H_

#include <optional>
#include <string>

#include "proxy/socket_address.h"

namespace vios {

// What the service is told of a connection, in a header of the PROXY protocol
// in front of the client's first byte. It never has the client's address, for
// that is a guest's claim, which could name any. kV2Inet is kV2 with those of
// our own TCP connection to the service, for receivers that refuse a header
// without addresses, as haproxy does.
enum class ProxyProtocol { kOff, kV1, kV2, kV2Inet };

// A session as the host knows it; names are as the file system has them.
struct ProxyIdentity {
  std::string guest;
  std::string channel;
  std::string tokens;  // Of the session, both.
  std::string claim;   // The guest's word on its client; may be empty.
};

// Of the connection to the service; both empty when it is not TCP.
struct ProxyLeg {
  std::optional<SocketAddress> ours;
  std::optional<SocketAddress> service;
};

// Of version 2. The last is among those that are free for applications.
inline constexpr char kTlvAuthority = '\x02';  // guest
inline constexpr char kTlvUniqueId = '\x05';   // guest/channel/tokens
inline constexpr char kTlvClaim = '\xe2';      // claim, if there is one

// v1: "PROXY UNKNOWN\r\n". v2: the binary form with family AF_UNSPEC and the
// TLVs above; kV2Inet has the family and the addresses of `leg`. Empty for
// kOff. Pure. Names longer than the protocol allows (255 bytes, 128 for the
// unique id) lose their end, never the tokens.
std::string ProxyHeader(ProxyProtocol version, const ProxyIdentity& identity,
                        const ProxyLeg& leg = {});

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_PROXY_HEADER_H_
