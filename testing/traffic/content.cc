// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/content.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace vios::testing {
namespace {

// The finishing step of SplitMix64: every bit of `x` changes half of the
// result's.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t Word(uint64_t seed, uint64_t index) {
  return Mix(Mix(seed) + (index + 1) * 0x9e3779b97f4a7c15);
}

}  // namespace

void FillContent(uint64_t seed, uint64_t offset, absl::Span<uint8_t> out) {
  while (!out.empty()) {
    const uint64_t word = Word(seed, offset / 8);
    const size_t skip = offset % 8;
    const size_t n = std::min(out.size(), 8 - skip);
    std::memcpy(out.data(), reinterpret_cast<const char*>(&word) + skip, n);
    out.remove_prefix(n);
    offset += n;
  }
}

void Digest::AddWord(uint64_t word) {
  state_ = (state_ ^ word) * 0x9fb21c651e98df25;
  state_ ^= state_ >> 32;
}

void Digest::Add(absl::Span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const size_t have = bytes_ % 8;
    const size_t n = std::min(bytes.size(), 8 - have);
    std::memcpy(reinterpret_cast<char*>(&partial_) + have, bytes.data(), n);
    bytes.remove_prefix(n);
    bytes_ += n;
    if (have + n < 8) return;
    AddWord(partial_);
    partial_ = 0;
  }
}

uint64_t Digest::value() const {
  Digest last = *this;
  last.AddWord(partial_);
  last.AddWord(bytes_);
  return last.state_;
}

uint64_t DigestOf(const Content& content) {
  Digest digest;
  std::array<uint8_t, 4096> piece;
  while (digest.bytes() < content.size) {
    const size_t n =
        std::min<uint64_t>(piece.size(), content.size - digest.bytes());
    const absl::Span<uint8_t> bytes(piece.data(), n);
    FillContent(content.seed, digest.bytes(), bytes);
    digest.Add(bytes);
  }
  return digest.value();
}

}  // namespace vios::testing
