// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "channel/errno_status.h"
#include "channel/fd_io.h"
#include "channel/unique_fd.h"
#include "proxy/await_dial.h"
#include "proxy/send_bytes.h"

namespace vios {
namespace {

constexpr size_t kMostRead = 16 << 20;

// Refused, or not even a socket file: whoever listened there has ended.
absl::Status NobodyListens(absl::Status failure) {
  if (!absl::IsUnavailable(failure)) return failure;
  return absl::NotFoundError(failure.message());
}

absl::StatusOr<UniqueFd> Connect(const SocketAddress& server, Deadline deadline,
                                 Wakeup& wakeup) {
  auto connected = AwaitDial(server, deadline, wakeup);
  if (!connected.ok()) return NobodyListens(connected.status());
  return connected;
}

absl::StatusOr<std::string> ReadToEnd(int fd, Deadline deadline,
                                      Wakeup& wakeup) {
  std::string text;
  std::array<char, 16384> piece;
  while (text.size() < kMostRead) {
    const absl::Status waited = WaitFor(fd, POLLIN, deadline, wakeup);
    if (!waited.ok()) return waited;
    const ssize_t size = ::recv(fd, piece.data(), piece.size(), 0);
    if (size == 0) return text;
    if (size > 0) {
      text.append(piece.data(), static_cast<size_t>(size));
    } else if (!IsTransient(errno)) {
      return ErrnoStatus("recv", "answer");
    }
  }
  return absl::ResourceExhaustedError("the answer is too long");
}

absl::StatusOr<HttpAnswer> ParseAnswer(absl::string_view text) {
  const size_t end = text.find("\r\n\r\n");
  absl::string_view line = text.substr(0, text.find("\r\n"));
  HttpAnswer answer;
  if (end == absl::string_view::npos ||
      !absl::ConsumePrefix(&line, "HTTP/1.") || line.size() < 5 ||
      !absl::SimpleAtoi(line.substr(2, 3), &answer.status)) {
    return absl::UnavailableError("what answers there is no status server");
  }
  answer.body = std::string(text.substr(end + 4));
  return answer;
}

}  // namespace

absl::StatusOr<HttpAnswer> AskHttp(const SocketAddress& server,
                                   absl::string_view method,
                                   absl::string_view path, Deadline deadline,
                                   Wakeup& wakeup) {
  const auto fd = Connect(server, deadline, wakeup);
  if (!fd.ok()) return fd.status();
  // HTTP/1.0: the answer comes in one piece and ends with the connection.
  const absl::Status sent = SendBytes(
      fd->get(),
      absl::StrCat(method, " ", path,
                   " HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
      deadline, wakeup);
  if (!sent.ok()) return sent;
  const auto text = ReadToEnd(fd->get(), deadline, wakeup);
  if (!text.ok()) return text.status();
  return ParseAnswer(*text);
}

}  // namespace vios
