// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/load_client.h"

#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "channel/unique_fd.h"
#include "testing/bench/load_stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kNoProgress = absl::Minutes(1);

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start)
      .count();
}

absl::StatusOr<UniqueFd> Connect(const LoadAddress& address) {
  return ConnectTcp(address.host, address.port, kNoProgress);
}

absl::Status ReadByte(int socket) {
  std::array<uint8_t, 1> byte;
  return ReadAll(socket, absl::MakeSpan(byte));
}

absl::Status RoundTrip(int socket, absl::Span<uint8_t> message) {
  const absl::Status status = WriteAll(socket, message);
  return status.ok() ? ReadAll(socket, message) : status;
}

// So that the way is open end to end before the clock starts.
absl::Status Warm(int socket) {
  const absl::Status status =
      SendRequest(socket, {LoadKind::kPingPong, /*size=*/1, /*total=*/1});
  std::array<uint8_t, 1> byte = {'w'};
  return status.ok() ? RoundTrip(socket, absl::MakeSpan(byte)) : status;
}

absl::Status Transfer(int socket, const LoadRequest& request) {
  const absl::Status status = SendRequest(socket, request);
  if (!status.ok()) return status;
  if (request.kind == LoadKind::kDown) return TakeLoad(socket, request.total);
  absl::Status taken;
  std::thread taker([&] {
    if (request.kind == LoadKind::kBoth) {
      taken = TakeLoad(socket, request.total);
    }
  });
  absl::Status sent = SendLoad(socket, request.total, request.size);
  taker.join();
  sent.Update(taken);
  return sent.ok() ? ReadByte(socket) : sent;
}

}  // namespace

absl::StatusOr<std::vector<double>> MeasureConnects(const LoadAddress& address,
                                                    int count, int per_second) {
  std::vector<double> times;
  const auto pace = per_second == 0
                        ? Clock::duration::zero()
                        : Clock::duration(std::chrono::seconds(1)) / per_second;
  for (int i = 0; i < count; ++i) {
    const Clock::time_point start = Clock::now();
    absl::StatusOr<UniqueFd> socket = Connect(address);
    if (!socket.ok()) return socket.status();
    absl::Status status = SendRequest(socket->get(), {});
    if (status.ok()) status = ReadByte(socket->get());
    if (!status.ok()) return status;
    times.push_back(MicrosecondsSince(start));
    socket->Reset();
    std::this_thread::sleep_until(start + pace);
  }
  return times;
}

absl::StatusOr<std::vector<double>> MeasureRoundTrips(
    const LoadAddress& address, uint64_t size, int count) {
  const absl::StatusOr<UniqueFd> socket = Connect(address);
  if (!socket.ok()) return socket.status();
  std::vector<uint8_t> message(size, 'x');
  absl::Status status = Warm(socket->get());
  status.Update(SendRequest(socket->get(), {LoadKind::kPingPong, size,
                                            static_cast<uint64_t>(count)}));
  std::vector<double> times;
  for (int i = 0; i < count && status.ok(); ++i) {
    const Clock::time_point start = Clock::now();
    status = RoundTrip(socket->get(), absl::MakeSpan(message));
    times.push_back(MicrosecondsSince(start));
  }
  if (!status.ok()) return status;
  return times;
}

absl::StatusOr<double> MeasureStreams(const LoadAddress& address,
                                      const LoadRequest& request, int streams) {
  std::vector<UniqueFd> sockets;
  LoadAddress next = address;
  for (int i = 0; i < streams; ++i) {
    absl::StatusOr<UniqueFd> socket = Connect(next);
    next.port = static_cast<uint16_t>(next.port + next.step);
    if (!socket.ok()) return socket.status();
    const absl::Status status = Warm(socket->get());
    if (!status.ok()) return status;
    sockets.push_back(*std::move(socket));
  }
  std::vector<absl::Status> ends(sockets.size());
  std::vector<std::thread> threads;
  const Clock::time_point start = Clock::now();
  for (size_t i = 0; i < sockets.size(); ++i) {
    threads.emplace_back(
        [&, i] { ends[i] = Transfer(sockets[i].get(), request); });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = MicrosecondsSince(start) / 1e6;
  for (const absl::Status& end : ends) {
    if (!end.ok()) return end;
  }
  return static_cast<double>(request.total) * streams / seconds;
}

}  // namespace vios::testing
