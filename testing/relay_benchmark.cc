// SPDX-License-Identifier: Apache-2.0
// What a relayed byte and a relayed message cost: both ends of a session in
// this process, a socket pair as the channel. For comparing two builds, in
// interleaved runs on one machine; the figures themselves mean little.
#include <sys/socket.h>

#include <string>
#include <thread>

#include "benchmark/benchmark.h"
#include "testing/relay_pair.h"

namespace vios::testing {
namespace {

bool SendAll(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t n = ::send(fd, data, size, MSG_NOSIGNAL);
    if (n <= 0) return false;
    data += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

bool ReceiveExactly(int fd, char* data, size_t size) {
  return size == 0 ||
         ::recv(fd, data, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

// Bytes from the client to the service, as many as a round says.
void BM_Bulk(benchmark::State& state) {
  constexpr size_t kRound = 8 << 20;
  RelayPair pair;
  const std::string bytes(kRound, 'x');
  std::string received(kRound, '\0');
  for (auto _ : state) {
    std::thread sender(
        [&] { SendAll(pair.client(), bytes.data(), bytes.size()); });
    if (!ReceiveExactly(pair.service(), received.data(), kRound)) {
      state.SkipWithError("the stream ended");
    }
    sender.join();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * kRound));
}
BENCHMARK(BM_Bulk)->MeasureProcessCPUTime()->UseRealTime();

// One small message there and back.
void BM_PingPong(benchmark::State& state) {
  RelayPair pair;
  char byte[64] = {};
  for (auto _ : state) {
    if (!SendAll(pair.client(), byte, sizeof byte) ||
        !ReceiveExactly(pair.service(), byte, sizeof byte) ||
        !SendAll(pair.service(), byte, sizeof byte) ||
        !ReceiveExactly(pair.client(), byte, sizeof byte)) {
      state.SkipWithError("the stream ended");
    }
  }
}
BENCHMARK(BM_PingPong)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace vios::testing
