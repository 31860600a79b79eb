// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_TESTING_TRAFFIC_CONTENT_H_
#define VIOS_PROXY_TESTING_TRAFFIC_CONTENT_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace vios::testing {

// What streams are filled with: `size` bytes that follow from `seed` alone, so
// that both ends know them and neither has to keep them.
struct Content {
  uint64_t size = 0;
  uint64_t seed = 0;
};

// Fills `out` with the bytes of the stream `seed` from byte `offset` on.
void FillContent(uint64_t seed, uint64_t offset, absl::Span<uint8_t> out);

// A 64-bit digest of a stream that is added piece by piece; how it is cut
// into pieces does not matter. Not cryptographic. Not thread-safe.
class Digest {
 public:
  void Add(absl::Span<const uint8_t> bytes);
  uint64_t bytes() const { return bytes_; }
  uint64_t value() const;

 private:
  void AddWord(uint64_t word);

  uint64_t state_ = 0xcbf29ce484222325;
  uint64_t bytes_ = 0;
  uint64_t partial_ = 0;  // The bytes_ % 8 bytes that are no word yet.
};

uint64_t DigestOf(const Content& content);

}  // namespace vios::testing

#endif  // VIOS_PROXY_TESTING_TRAFFIC_CONTENT_H_
