// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_HTTP_CLIENT_H_
#define VIOS_PROXY_TESTING_HTTP_CLIENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "channel/unique_fd.h"
#include "proxy/socket_address.h"

namespace vios::testing {

// A raw HTTP client, which can also misbehave. Its sockets block, for at most
// `patience` in each call.

// Invalid, and the test has failed, when nobody listens.
UniqueFd HttpConnect(const SocketAddress& server,
                     absl::Duration patience = absl::Seconds(30));
// False when the other end is gone.
bool HttpSend(const UniqueFd& connection, absl::string_view bytes);
// All that comes until the connection ends; appends "[timeout]" when it does
// not, and "[reset]".
std::string HttpReceive(const UniqueFd& connection);

struct HttpReply {
  int status = 0;    // 0: what came is no reply.
  std::string head;  // Status line and headers.
  std::string body;
};
HttpReply ParseReply(const std::string& bytes);

// One request on a connection of its own. `headers` end with "\r\n" each.
HttpReply HttpAsk(const SocketAddress& server, absl::string_view method,
                  absl::string_view path, absl::string_view headers = "");
inline HttpReply HttpGet(const SocketAddress& server, absl::string_view path) {
  return HttpAsk(server, "GET", path);
}
inline HttpReply HttpPost(const SocketAddress& server, absl::string_view path) {
  return HttpAsk(server, "POST", path, "Content-Length: 0\r\n");
}

// The value of a sample in Prometheus' text; -1 when it is not there.
double Sample(const std::string& metrics, absl::string_view name);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_HTTP_CLIENT_H_
