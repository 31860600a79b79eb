// SPDX-License-Identifier: Apache-2.0
#include "channel/escape.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(EscapeTest, KeepsPrintableAscii) {
  std::string all;
  for (char c = ' '; c <= '~'; ++c) {
    if (c != '"' && c != '\'' && c != '\\') all += c;
  }
  EXPECT_EQ(Escape(all, 200), all);
  EXPECT_EQ(Escape("", 0), "");
}

TEST(EscapeTest, EscapesQuotesAndBackslash) {
  EXPECT_EQ(Escape("a\"b'c\\d", 100), "a\\\"b\\'c\\\\d");
}

TEST(EscapeTest, ShowsOtherBytesInHex) {
  EXPECT_EQ(Escape(std::string("\0\n\x1b\x7f\xff", 5), 100),
            "\\x00\\x0a\\x1b\\x7f\\xff");
}

TEST(EscapeTest, CutsWhatIsTooLong) {
  EXPECT_EQ(Escape("abcdef", 6), "abcdef");
  EXPECT_EQ(Escape("abcdef", 5), "abcde...");
  EXPECT_EQ(Escape("abcdef", 0), "...");
}

TEST(EscapeTest, NeverCutsInsideAnEscape) {
  EXPECT_EQ(Escape("ab\n", 6), "ab\\x0a");
  EXPECT_EQ(Escape("ab\n", 5), "ab...");
}

}  // namespace
}  // namespace vios
