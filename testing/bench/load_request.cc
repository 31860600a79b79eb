// SPDX-License-Identifier: Apache-2.0
#include "testing/bench/load_request.h"

#include <array>
#include <cstring>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "testing/bench/load_stream.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr size_t kKindSize = 2;
using Numbers = std::array<uint64_t, 2>;

template <typename T>
absl::Span<uint8_t> BytesOf(T& value) {
  return {reinterpret_cast<uint8_t*>(&value), sizeof(value)};
}

}  // namespace

absl::Status SendRequest(int socket, const LoadRequest& request) {
  std::array<uint8_t, kKindSize + sizeof(Numbers)> bytes = {
      static_cast<uint8_t>(request.kind), '\n'};
  const Numbers numbers = {request.size, request.total};
  std::memcpy(bytes.data() + kKindSize, numbers.data(), sizeof(numbers));
  const bool bare = request.kind == LoadKind::kConnect;
  return WriteAll(socket,
                  absl::MakeSpan(bytes).first(bare ? kKindSize : bytes.size()));
}

absl::StatusOr<LoadRequest> ReadRequest(int socket) {
  std::array<uint8_t, kKindSize> kind;
  absl::Status status = ReadAll(socket, absl::MakeSpan(kind));
  if (!status.ok()) return status;
  LoadRequest request = {.kind = static_cast<LoadKind>(kind[0])};
  if (request.kind == LoadKind::kConnect) return request;
  Numbers numbers;
  status = ReadAll(socket, BytesOf(numbers));
  if (!status.ok()) return status;
  request.size = numbers[0];
  request.total = numbers[1];
  if (request.size == 0 || request.size > kMaxLoadSize) {
    return absl::InvalidArgumentError("size of a load request");
  }
  return request;
}

}  // namespace vios::testing
