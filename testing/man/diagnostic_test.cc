// SPDX-License-Identifier: Apache-2.0
#include "testing/man/diagnostic.h"

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// SAY is short for the macro, which this file does not use itself.
std::vector<std::string> Logged(absl::string_view source) {
  std::vector<std::string> lines;
  const std::string spelt = absl::StrReplaceAll(source, {{"SAY(",
                                                          "VIOS_LOG"
                                                          "("}});
  for (const Diagnostic& one : LoggedBy(spelt)) {
    lines.push_back(one.level + " " + one.text);
  }
  return lines;
}

TEST(Diagnostic, IsFoundWhereItIsLogged) {
  EXPECT_THAT(Logged(R"(SAY(kWarn) << "cannot open " << path << ": "
                                        << why << "; again";)"),
              ElementsAre("WARN cannot open ...: ...; again"));
  EXPECT_THAT(Logged(R"(if (!ok) FatalExit("no " + what);)"),
              ElementsAre("FATAL no ..."));
}

TEST(Diagnostic, OfDebuggingIsLeftOut) {
  EXPECT_THAT(Logged(R"(SAY(kDebug) << "ignored";)"), IsEmpty());
}

TEST(Diagnostic, HasNoneOfItsFields) {
  EXPECT_THAT(Logged(R"(SAY(kInfo).With("client", (from)).With(more())
                            << "left " << from;)"),
              ElementsAre("INFO left ..."));
  EXPECT_THAT(Logged(R"(SAY(kInfo).Tell("session ended", fields);)"),
              ElementsAre("INFO session ended..."));
}

TEST(Diagnostic, OfAStatusIsFoundByItsLooks) {
  const auto found = StatusTextsOf(R"(
      return ErrnoStatus("Root path stat fail:", "x: ");  // "A word, and ")");
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].text, "Root path stat fail:");
}

TEST(Diagnostic, IsToldByAnEntryThatBeginsAlike) {
  const Diagnostic said = {"WARN", "client ... refused: ... wait"};
  EXPECT_TRUE(Tells({"WARN", "client"}, said));
  EXPECT_TRUE(Tells({"WARN", "client ... refused"}, said));
  EXPECT_FALSE(Tells({"ERROR", "client"}, said));
  EXPECT_FALSE(Tells({"WARN", "refused"}, said));
  EXPECT_FALSE(Tells({"WARN", "client ... left"}, said));
}

TEST(Diagnostic, HasPiecesThatDoNotDiffer) {
  EXPECT_THAT(FixedPieces("... more of ... ended"),
              ElementsAre("more of", "ended"));
}

}  // namespace
}  // namespace vios
