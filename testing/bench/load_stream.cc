// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/load_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "absl/status/statusor.h"
#include "channel/errno_status.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr uint64_t kReadSize = 256 * 1024;

}  // namespace

absl::Status ReadAll(int socket, absl::Span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const absl::StatusOr<size_t> n = ReadSome(socket, bytes);
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::AbortedError("the stream ended too early");
    bytes.remove_prefix(*n);
  }
  return absl::OkStatus();
}

absl::Status SendLoad(int socket, uint64_t total, uint64_t size) {
  const std::vector<uint8_t> piece(std::min(total, size), 'x');
  absl::Status status;
  while (total > 0 && status.ok()) {
    const uint64_t now = std::min<uint64_t>(total, piece.size());
    status = WriteAll(socket, absl::MakeConstSpan(piece).first(now));
    total -= now;
  }
  return status;
}

absl::Status TakeLoad(int socket, uint64_t total) {
  std::vector<uint8_t> piece(std::min(total, kReadSize));
  while (total > 0) {
    const auto room =
        absl::MakeSpan(piece).first(std::min<uint64_t>(total, piece.size()));
    const absl::StatusOr<size_t> n = ReadSome(socket, room);
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::AbortedError("the stream ended too early");
    total -= *n;
  }
  return absl::OkStatus();
}

absl::Status SetNoDelay(int socket) {
  const int on = 1;
  if (::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("setsockopt", "TCP_NODELAY");
}

}  // namespace vios::testing
