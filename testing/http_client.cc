// SPDX-License-Identifier: Apache-2.0
#include "testing/http_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

namespace vios::testing {

// A call that waits with a time-out is interrupted when this process is stopped
// and goes on.
UniqueFd HttpConnect(const SocketAddress& server, absl::Duration patience) {
  UniqueFd fd(::socket(server.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit = absl::ToTimeval(patience);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (TEMP_FAILURE_RETRY(::connect(fd.get(), server.addr(), server.size())) !=
      0) {
    ADD_FAILURE() << "connect " << server.ToString() << ": errno " << errno;
    return UniqueFd();
  }
  return fd;
}

bool HttpSend(const UniqueFd& connection, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = TEMP_FAILURE_RETRY(
        ::send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string HttpReceive(const UniqueFd& connection) {
  std::string received;
  char piece[4096];
  while (true) {
    const ssize_t n =
        TEMP_FAILURE_RETRY(::recv(connection.get(), piece, sizeof piece, 0));
    if (n == 0) return received;
    if (n < 0) {
      const bool late = errno == EAGAIN || errno == EWOULDBLOCK;
      return received + (late ? "[timeout]" : "[reset]");
    }
    received.append(piece, static_cast<size_t>(n));
  }
}

HttpReply ParseReply(const std::string& bytes) {
  HttpReply reply;
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(bytes, absl::MaxSplits("\r\n\r\n", 1));
  absl::string_view rest = parts.first;
  if (!absl::ConsumePrefix(&rest, "HTTP/1.1 ") &&
      !absl::ConsumePrefix(&rest, "HTTP/1.0 ")) {
    return reply;
  }
  (void)absl::SimpleAtoi(rest.substr(0, 3), &reply.status);
  reply.head = parts.first;
  reply.body = parts.second;
  return reply;
}

HttpReply HttpAsk(const SocketAddress& server, absl::string_view method,
                  absl::string_view path, absl::string_view headers) {
  const UniqueFd connection = HttpConnect(server);
  HttpSend(connection,
           absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: localhost\r\n",
                        headers, "\r\n"));
  return ParseReply(HttpReceive(connection));
}

double Sample(const std::string& metrics, absl::string_view name) {
  for (absl::string_view line : absl::StrSplit(metrics, '\n')) {
    if (!absl::ConsumePrefix(&line, name)) continue;
    double value = -1;
    if (absl::ConsumePrefix(&line, " ") && absl::SimpleAtod(line, &value)) {
      return value;
    }
  }
  return -1;
}

}  // namespace vios::testing
