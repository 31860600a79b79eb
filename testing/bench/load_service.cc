// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/load_service.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "channel/errno_status.h"
#include "channel/unique_fd.h"
#include "testing/bench/load_request.h"
#include "testing/bench/load_stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr absl::Duration kNoProgress = absl::Minutes(2);

absl::Status SendByte(int socket) { return WriteText(socket, "!"); }

absl::Status Echo(int socket, const LoadRequest& request) {
  std::vector<uint8_t> message(request.size);
  absl::Status status;
  for (uint64_t i = 0; i < request.total && status.ok(); ++i) {
    status = ReadAll(socket, absl::MakeSpan(message));
    if (status.ok()) status = WriteAll(socket, message);
  }
  return status;
}

absl::Status TakeAndAnswer(int socket, uint64_t total) {
  const absl::Status status = TakeLoad(socket, total);
  return status.ok() ? SendByte(socket) : status;
}

absl::Status Both(int socket, const LoadRequest& request) {
  absl::Status taken;
  std::thread taker([&] { taken = TakeLoad(socket, request.total); });
  absl::Status status = SendLoad(socket, request.total, request.size);
  taker.join();
  status.Update(taken);
  return status.ok() ? SendByte(socket) : status;
}

absl::Status Answer(int socket, const LoadRequest& request) {
  switch (request.kind) {
    case LoadKind::kConnect:
      return SendByte(socket);
    case LoadKind::kPingPong:
      return Echo(socket, request);
    case LoadKind::kUp:
      return TakeAndAnswer(socket, request.total);
    case LoadKind::kDown:
      return SendLoad(socket, request.total, request.size);
    case LoadKind::kBoth:
      return Both(socket, request);
  }
  return absl::InvalidArgumentError("kind of a load request");
}

// Requests come one after the other until the client ends its stream.
void ServeOne(const UniqueFd socket) {
  absl::Status status = SetNoDelay(socket.get());
  status.Update(SetNoProgressTimeout(socket.get(), kNoProgress));
  while (status.ok()) {
    const absl::StatusOr<LoadRequest> request = ReadRequest(socket.get());
    if (!request.ok()) return;
    status = Answer(socket.get(), *request);
    if (request->kind == LoadKind::kConnect) return;
  }
}

}  // namespace

absl::Status ServeLoad(int socket) {
  while (true) {
    UniqueFd client(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC));
    if (client.ok()) {
      std::thread(ServeOne, std::move(client)).detach();
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return ErrnoStatus("accept", "load");
    }
  }
}

}  // namespace vios::testing
