// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/round_trips.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "testing/traffic/stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr size_t kMessageSize = 64;

absl::Status OneExchange(int socket) {
  std::array<uint8_t, kMessageSize> message = {};
  absl::Status sent = WriteAll(socket, message);
  if (!sent.ok()) return sent;
  for (size_t got = 0; got < message.size();) {
    const absl::StatusOr<size_t> n =
        ReadSome(socket, absl::MakeSpan(message).subspan(got));
    if (!n.ok()) return n.status();
    if (*n == 0) return absl::OutOfRangeError("ended");
    got += *n;
  }
  return absl::OkStatus();
}

absl::Status Exchanges(const ClientOptions& options, int count,
                       std::vector<int64_t>& times_us) {
  const absl::StatusOr<UniqueFd> socket =
      ConnectTcp(options.host, options.port, options.no_progress);
  if (!socket.ok()) return socket.status();
  absl::Status status = WriteText(socket->get(), "echo round trips\n");
  for (int i = 0; i < count && status.ok(); ++i) {
    const Clock::time_point start = Clock::now();
    status = OneExchange(socket->get());
    times_us.push_back(
        absl::ToInt64Microseconds(absl::FromChrono(Clock::now() - start)));
  }
  return status;
}

int64_t Percentile(const std::vector<int64_t>& sorted, size_t percent) {
  return sorted.empty() ? 0 : sorted[(sorted.size() - 1) * percent / 100];
}

}  // namespace

std::string RunRoundTrips(const ClientOptions& options, int count) {
  std::vector<int64_t> times_us;
  const absl::Status status = Exchanges(options, count, times_us);
  std::sort(times_us.begin(), times_us.end());
  return absl::StrFormat("outcome=%s p50_us=%d p99_us=%d", Outcome(status),
                         Percentile(times_us, 50), Percentile(times_us, 99));
}

}  // namespace vios::testing
