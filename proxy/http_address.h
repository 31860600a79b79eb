// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTTP_ADDRESS_H_
#define VIOS_PROXY_PROXY_HTTP_ADDRESS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proxy/socket_address.h"

namespace vios {

// Parses "127.0.0.1:9090", "[::1]:9090" or an absolute "unix:/path"; port 0 is
// any that is free. Never resolves names. INVALID_ARGUMENT with what is wrong.
absl::StatusOr<SocketAddress> ParseHttpAddress(absl::string_view text);

// Whether only this machine reaches it: a unix socket, or loopback.
bool IsLocal(const SocketAddress& address);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTTP_ADDRESS_H_
