// SPDX-License-Identifier: Apache-2.0
#include "proxy/arguments.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FlagKind KindOf(const std::string& name) {
  if (name == "on" || name == "h") return FlagKind::kSwitch;
  if (name == "port" || name == "dir" || name == "two_words" ||
      name == "flagfile" || name == "tryfromenv" || name == "undefok") {
    return FlagKind::kValue;
  }
  return FlagKind::kUnknown;
}

std::vector<std::string> Flags(const Arguments& arguments) {
  std::vector<std::string> shown;
  for (const auto& flag : arguments.flags) {
    shown.push_back(absl::StrCat(flag.name, "=", flag.value));
  }
  return shown;
}

Arguments Scan(std::vector<std::string> words) {
  absl::StatusOr<Arguments> scanned = ScanArguments(words, KindOf);
  EXPECT_TRUE(scanned.ok()) << scanned.status();
  return scanned.value_or(Arguments());
}

std::string ScanError(std::vector<std::string> words) {
  return std::string(ScanArguments(words, KindOf).status().message());
}

TEST(ArgumentsTest, TakesEveryWayToWriteAFlag) {
  EXPECT_THAT(Flags(Scan({"--port=1", "-port=2", "--port", "3", "-h",
                          "--two-words=x=y", "--dir="})),
              ElementsAre("port=1", "port=2", "port=3", "h=true",
                          "two_words=x=y", "dir="));
}

TEST(ArgumentsTest, SwitchesTakeNoFurtherWord) {
  const Arguments arguments = Scan({"--on", "x", "--noon", "--on=false"});
  EXPECT_THAT(Flags(arguments), ElementsAre("on=true", "on=false", "on=false"));
  EXPECT_THAT(arguments.positionals, ElementsAre("x"));
}

TEST(ArgumentsTest, PositionalsMayStandAnywhere) {
  const Arguments arguments = Scan({"a", "--port=1", "-", "--", "--port=2"});
  EXPECT_THAT(Flags(arguments), ElementsAre("port=1"));
  EXPECT_THAT(arguments.positionals, ElementsAre("a", "-", "--port=2"));
}

TEST(ArgumentsTest, ValueMayLookLikeAFlag) {
  EXPECT_THAT(Flags(Scan({"--dir", "-h"})), ElementsAre("dir=-h"));
}

TEST(ArgumentsTest, UnknownFlagIsAnErrorThatNamesIt) {
  EXPECT_THAT(ScanError({"--what=1"}), HasSubstr("--what: no such flag"));
  EXPECT_THAT(ScanError({"--noport"}), HasSubstr("--noport: no such flag"));
  EXPECT_THAT(ScanError({"---port=1"}), HasSubstr("no such flag"));
  EXPECT_THAT(Flags(Scan({"--what=1", "--undefok=a,what"})),
              ElementsAre("undefok=a,what"));
}

TEST(ArgumentsTest, SwitchIsTrueOrFalse) {
  EXPECT_EQ(ScanError({"--on=maybe"}), "--on=maybe: must be true or false");
  EXPECT_EQ(ScanError({"--on="}), "--on=: must be true or false");
  EXPECT_EQ(ScanError({"--on=Yes"}), "");
}

TEST(ArgumentsTest, MissingValueIsAnError) {
  EXPECT_EQ(ScanError({"--port"}), "--port: must be followed by a value");
}

TEST(ArgumentsTest, LastValueCounts) {
  const Arguments arguments = Scan({"--port=1", "--port=2"});
  ASSERT_NE(arguments.Find("port"), nullptr);
  EXPECT_EQ(*arguments.Find("port"), "2");
  EXPECT_EQ(arguments.Find("dir"), nullptr);
}

const std::vector<std::string> kNames = {"dir", "port"};

TEST(ArgumentsTest, PositionalsBecomeFlags) {
  Arguments arguments = Scan({"/x", "80", "--port=80"});
  ASSERT_TRUE(NamePositionals(kNames, arguments).ok());
  EXPECT_THAT(Flags(arguments), ElementsAre("port=80", "dir=/x", "port=80"));
  EXPECT_THAT(arguments.positionals, IsEmpty());
}

TEST(ArgumentsTest, PositionalAndFlagMustAgree) {
  Arguments arguments = Scan({"/x", "80", "--port=81"});
  EXPECT_EQ(NamePositionals(kNames, arguments).message(),
            "--port=81: must be the same as the argument 80");
}

TEST(ArgumentsTest, TooManyPositionalsAreAnError) {
  Arguments arguments = Scan({"/x", "80", "what"});
  EXPECT_THAT(std::string(NamePositionals(kNames, arguments).message()),
              HasSubstr("Unexpected argument what: at most 2"));
}

TEST(ArgumentsTest, FilesAndEnvironmentComeFirst) {
  Arguments arguments =
      Scan({"--port=1", "--flagfile=a", "--dir=x", "--tryfromenv=b", "--on"});
  PutWeakFlagsFirst(arguments);
  EXPECT_THAT(Flags(arguments), ElementsAre("flagfile=a", "tryfromenv=b",
                                            "port=1", "dir=x", "on=true"));
}

}  // namespace
}  // namespace vios
