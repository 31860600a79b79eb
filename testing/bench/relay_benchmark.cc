// SPDX-License-Identifier: Apache-2.0
// The relay of both daemons over socket pairs beside a bare copy loop: as many
// threads and hops, and nothing else.
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <thread>
#include <vector>

#include "benchmark/benchmark.h"
#include "channel/unique_fd.h"
#include "testing/bench/load_stream.h"
#include "testing/relay_pair.h"
#include "testing/tcp_pair.h"
#include "testing/traffic/tcp.h"

namespace vios::testing {
namespace {

constexpr uint64_t kPerIteration = 16 << 20;

void Block(int fd) { (void)::fcntl(fd, F_SETFL, 0); }

// One direction, with calls that block: until the end of the stream.
void Copy(int from, int to, size_t size) {
  std::vector<uint8_t> buffer(size);
  while (true) {
    const auto n = ReadSome(from, absl::MakeSpan(buffer));
    if (!n.ok() || *n == 0) break;
    if (!WriteAll(to, absl::MakeSpan(buffer).first(*n)).ok()) break;
  }
  ::shutdown(to, SHUT_WR);
}

// client - copy - channel - copy - service: the hops of the daemons, 64 KiB at
// a time.
class BareCopy {
 public:
  BareCopy() : channel_(ChannelPair()) {
    const auto start = [this](int from, int to) {
      Block(from);
      threads_.emplace_back(Copy, from, to, 64 * 1024);
    };
    start(client_.leg.get(), channel_.first.get());
    start(channel_.second.get(), service_.leg.get());
    start(service_.leg.get(), channel_.second.get());
    start(channel_.first.get(), client_.leg.get());
  }
  ~BareCopy() {
    ::shutdown(client_.app.get(), SHUT_WR);
    ::shutdown(service_.app.get(), SHUT_WR);
    for (std::thread& thread : threads_) thread.join();
  }
  int client() { return client_.app.get(); }
  int service() { return service_.app.get(); }

 private:
  TcpPair client_ = ConnectedTcpPair();
  TcpPair service_ = ConnectedTcpPair();
  std::pair<UniqueFd, UniqueFd> channel_;
  std::vector<std::thread> threads_;
};

template <typename Way>
void BM_Stream(benchmark::State& state) {
  Way way;
  const auto size = static_cast<uint64_t>(state.range(0));
  for (auto _ : state) {
    std::thread sender(
        [&] { (void)SendLoad(way.client(), kPerIteration, size); });
    (void)TakeLoad(way.service(), kPerIteration);
    sender.join();
  }
  state.SetBytesProcessed(
      static_cast<int64_t>(state.iterations() * kPerIteration));
}
BENCHMARK(BM_Stream<BareCopy>)->Arg(1024)->Arg(65536)->UseRealTime();
BENCHMARK(BM_Stream<RelayPair>)->Arg(1024)->Arg(65536)->UseRealTime();

template <typename Way>
void BM_RoundTrip(benchmark::State& state) {
  Way way;
  std::vector<uint8_t> message(static_cast<size_t>(state.range(0)), 'x');
  const auto bytes = absl::MakeSpan(message);
  for (auto _ : state) {
    (void)WriteAll(way.client(), bytes);
    (void)ReadAll(way.service(), bytes);
    (void)WriteAll(way.service(), bytes);
    (void)ReadAll(way.client(), bytes);
  }
}
BENCHMARK(BM_RoundTrip<BareCopy>)->Arg(64)->Arg(4096)->UseRealTime();
BENCHMARK(BM_RoundTrip<RelayPair>)->Arg(64)->Arg(4096)->UseRealTime();

}  // namespace
}  // namespace vios::testing
