// SPDX-License-Identifier: Apache-2.0
#include "testing/hostile/plain_log.h"

#include "gtest/gtest.h"
#include "testing/hostile/attack.h"

namespace vios::testing {
namespace {

TEST(PlainLog, IsPrintableAsciiInLines) {
  EXPECT_EQ(FirstControlByte("a line\nand \\x1b another~\n"), "");
  EXPECT_EQ(CountLines("a line\nand another\n"), 2u);
}

TEST(PlainLog, HasNoBytesThatOrderATerminalAbout) {
  for (const char* bytes : {"\x1b", "\r", "\t", "\x7f", "\x9b", "\xc3\xa9"}) {
    EXPECT_NE(FirstControlByte(bytes), "");
  }
  EXPECT_NE(FirstControlByte(ControlText()), "");
}

TEST(Attacks, AreFoundByTheirNames) {
  for (const Attack attack : AttacksOf(Side::kHost)) {
    EXPECT_EQ(ParseAttack(Name(attack)), attack);
  }
  EXPECT_EQ(ParseAttack("kindness"), std::nullopt);
}

}  // namespace
}  // namespace vios::testing
