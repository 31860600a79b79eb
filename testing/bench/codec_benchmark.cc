// SPDX-License-Identifier: Apache-2.0
// The codec and the reader by themselves.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "benchmark/benchmark.h"
#include "channel/frame.h"
#include "channel/frame_reader.h"
#include "testing/relay_pair.h"

namespace vios::testing {
namespace {

constexpr FrameHeader kHeader = {
    FrameType::kData, {0x41424344}, {0x45464748}, 1000};

void BM_EncodeHeader(benchmark::State& state) {
  std::array<uint8_t, kHeaderSize> bytes;
  for (auto _ : state) {
    EncodeHeader(kHeader, bytes.data());
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(BM_EncodeHeader);

void BM_DecodeHeader(benchmark::State& state) {
  std::array<uint8_t, kHeaderSize> bytes;
  EncodeHeader(kHeader, bytes.data());
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes);
    benchmark::DoNotOptimize(DecodeHeader(bytes));
  }
}
BENCHMARK(BM_DecodeHeader);

// One write of frames with payloads of so many bytes, 32 KiB in all, and
// reading them; the socket's part is in it.
void BM_ReadFrames(benchmark::State& state) {
  const auto [near, far] = ChannelPair();
  const auto length = static_cast<size_t>(state.range(0));
  FrameHeader header = kHeader;
  header.length = static_cast<uint16_t>(length);
  std::vector<uint8_t> frame(kHeaderSize + length, 'x');
  EncodeHeader(header, frame.data());
  std::vector<uint8_t> bytes;
  while (bytes.size() + frame.size() <= kMaxWriteSize) {
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  FrameReader reader;
  int64_t frames = 0;
  for (auto _ : state) {
    if (::write(near.get(), bytes.data(), bytes.size()) < 0) break;
    (void)reader.Fill(far.get(), FrameReader::kSessionRead);
    Frame read;
    while (reader.Read(&read) == FrameReader::Next::kFrame) ++frames;
  }
  state.SetItemsProcessed(frames);
  state.SetBytesProcessed(frames * static_cast<int64_t>(frame.size()));
}
BENCHMARK(BM_ReadFrames)->Arg(64)->Arg(4096)->Arg(32000);

}  // namespace
}  // namespace vios::testing
