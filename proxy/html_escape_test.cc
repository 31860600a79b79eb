// SPDX-License-Identifier: Apache-2.0
#include "proxy/html_escape.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(HtmlEscapeTest, LeavesWordsAlone) {
  EXPECT_EQ(HtmlEscape("qpid.0 (busy)"), "qpid.0 (busy)");
  EXPECT_EQ(HtmlEscape(""), "");
}

TEST(HtmlEscapeTest, EveryByteBecomesHarmlessAscii) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string html =
        HtmlEscape(std::string(1, static_cast<char>(byte)));
    EXPECT_EQ(html.find_first_of("<>\"'"), std::string::npos) << byte;
    for (const char c : html) EXPECT_TRUE(c >= ' ' && c <= '~') << byte;
  }
  EXPECT_EQ(HtmlEscape("<a href='x\">&amp;"),
            "&lt;a href=&#39;x&quot;&gt;&amp;amp;");
}

}  // namespace
}  // namespace vios
