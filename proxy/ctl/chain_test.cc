// SPDX-License-Identifier: Apache-2.0
#include "proxy/ctl/chain.h"

#include "gtest/gtest.h"
#include "proxy/ctl/verdict.h"

namespace vios {
namespace {

TEST(ChainTest, WhatIsBehindABrokenLinkIsNotLookedAt) {
  const Verdicts verdicts =
      Examine({[] { return Fine("a", "A works"); },
               [] { return Broken("b", "B does not", "Mend B."); },
               [] { return Broken("c", "never asked", ""); }});
  EXPECT_EQ(VerdictText("guest", verdicts),
            "broken: B does not\n    Mend B.\n");
}

TEST(ChainTest, NotesFollowWhatWorks) {
  EXPECT_EQ(VerdictText("host", {Fine("a", "A works"), Fine("b", ""),
                                 Note("c", "C is old", "Renew C,\nor not.")}),
            "ok: host: A works\n"
            "note: C is old\n    Renew C,\n    or not.\n");
}

TEST(ChainTest, NamesThatOthersChoseMakeNoLinesOfTheirOwn) {
  EXPECT_EQ(VerdictText("host", {Fine("a", "x\ny")}), "ok: host: x\\x0ay\n");
  EXPECT_EQ(VerdictText("host", {Broken("a", "x\nok: \x1b[2J", "mv \x1b[2J")}),
            "broken: x\\x0aok: \\x1b[2J\n    mv \\x1b[2J\n");
}

}  // namespace
}  // namespace vios
