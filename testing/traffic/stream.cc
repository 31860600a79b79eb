// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/stream.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr size_t kPieceSize = 64 * 1024;
constexpr size_t kMaxTail = 1024;

std::string ReportLine(uint64_t bytes, uint64_t digest) {
  return absl::StrFormat("received %d %016x\n", bytes, digest);
}

// Whether `bytes` are those of the stream `seed` from `offset` on.
bool Matches(uint64_t seed, uint64_t offset, absl::Span<const uint8_t> bytes) {
  std::vector<uint8_t> expected(bytes.size());
  FillContent(seed, offset, absl::MakeSpan(expected));
  return bytes == absl::MakeConstSpan(expected);
}

void Take(absl::Span<const uint8_t> bytes, const ReceiveOptions& options,
          Received& received) {
  const uint64_t limit = options.expect ? options.expect->size
                                        : std::numeric_limits<uint64_t>::max();
  const uint64_t have = received.content.bytes();
  const size_t n = std::min<uint64_t>(bytes.size(), limit - have);
  if (options.expect && received.same) {
    received.same = Matches(options.expect->seed, have, bytes.subspan(0, n));
  }
  received.content.Add(bytes.subspan(0, n));
  if (n > 0 && have + n == limit) options.on_arrived();
  const absl::Span<const uint8_t> rest = bytes.subspan(n);
  const size_t room = kMaxTail - received.tail.size();
  received.tail.append(reinterpret_cast<const char*>(rest.data()),
                       std::min(rest.size(), room));
}

}  // namespace

Sent SendContent(int socket, const Content& content) {
  Sent sent;
  std::vector<uint8_t> piece(std::min<uint64_t>(kPieceSize, content.size));
  while (sent.bytes < content.size && sent.status.ok()) {
    const size_t n =
        std::min<uint64_t>(piece.size(), content.size - sent.bytes);
    const absl::Span<uint8_t> bytes(piece.data(), n);
    FillContent(content.seed, sent.bytes, bytes);
    sent.status = WriteAll(socket, bytes);
    if (sent.status.ok()) sent.bytes += n;
  }
  return sent;
}

Received ReceiveAll(int socket, const ReceiveOptions& options) {
  Received received;
  std::vector<uint8_t> piece(kPieceSize);
  while (true) {
    absl::SleepFor(options.read_delay);
    const absl::StatusOr<size_t> n = ReadSome(socket, absl::MakeSpan(piece));
    received.end = n.status();
    if (!n.ok() || *n == 0) return received;
    Take({piece.data(), *n}, options, received);
  }
}

std::string Report(const Received& received) {
  return ReportLine(received.content.bytes(), received.content.value());
}

std::string ReportOf(const Content& content) {
  return ReportLine(content.size, DigestOf(content));
}

std::string Outcome(const Received& received, const ReceiveOptions& options,
                    const Sent& sent) {
  if (!received.same) return "different";
  if (!received.end.ok()) return Outcome(received.end);
  if (!sent.status.ok()) return Outcome(sent.status);
  const uint64_t bytes = received.content.bytes();
  if (options.expect && bytes < options.expect->size) return "short";
  return "clean-eof";
}

std::string Outcome(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return "clean-eof";
    case absl::StatusCode::kAborted:
      return "reset";
    case absl::StatusCode::kUnavailable:
      return "refused";
    case absl::StatusCode::kDeadlineExceeded:
      return "timeout";
    default:
      return "failed";
  }
}

}  // namespace vios::testing
