// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_HTTP_CLIENT_H_
#define VIOS_PROXY_PROXY_HTTP_CLIENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "channel/deadline.h"
#include "channel/wakeup.h"
#include "proxy/socket_address.h"

namespace vios {

// What a status server answered. A value.
struct HttpAnswer {
  int status = 0;
  std::string body;  // At most 16 MiB.
};

// Sends one request without a body ("GET", "/status") on a connection of its
// own, and reads until the server ends it. Blocks until `deadline`, or until
// the Cancel of `wakeup` fires. NOT_FOUND when nobody listens there,
// UNAVAILABLE when what came is no HTTP.
absl::StatusOr<HttpAnswer> AskHttp(const SocketAddress& server,
                                   absl::string_view method,
                                   absl::string_view path, Deadline deadline,
                                   Wakeup& wakeup);

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_HTTP_CLIENT_H_
