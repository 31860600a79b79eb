// SPDX-License-Identifier: Apache-2.0
#include "testing/traffic/content.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace vios::testing {
namespace {

std::vector<uint8_t> Stream(uint64_t seed, size_t size) {
  std::vector<uint8_t> bytes(size);
  FillContent(seed, 0, absl::MakeSpan(bytes));
  return bytes;
}

TEST(ContentTest, AnyPieceIsThatPartOfTheStream) {
  const std::vector<uint8_t> whole = Stream(7, 100);
  for (size_t from = 0; from < whole.size(); ++from) {
    std::vector<uint8_t> piece(whole.size() - from);
    FillContent(7, from, absl::MakeSpan(piece));
    EXPECT_EQ(piece, std::vector<uint8_t>(whole.begin() + from, whole.end()));
  }
}

TEST(ContentTest, SeedsDiffer) { EXPECT_NE(Stream(1, 64), Stream(2, 64)); }

TEST(DigestTest, PiecesDoNotMatter) {
  const std::vector<uint8_t> whole = Stream(3, 101);
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    Digest digest;
    digest.Add(absl::MakeSpan(whole).subspan(0, cut));
    digest.Add(absl::MakeSpan(whole).subspan(cut));
    EXPECT_EQ(digest.value(), DigestOf({101, 3})) << cut;
  }
}

TEST(DigestTest, EveryByteAndTheLengthMatter) {
  const std::vector<uint8_t> whole = Stream(3, 41);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::vector<uint8_t> changed = whole;
    changed[i] ^= 1;
    Digest digest;
    digest.Add(changed);
    EXPECT_NE(digest.value(), DigestOf({41, 3})) << i;
  }
  Digest none, zero;
  zero.Add({0});
  EXPECT_NE(none.value(), zero.value());
}

}  // namespace
}  // namespace vios::testing
