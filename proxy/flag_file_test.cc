// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_file.h"

#include <stdlib.h>

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

FlagKind KindOf(const std::string& name) {
  if (name == "on") return FlagKind::kSwitch;
  if (name == "port" || name == "flagfile" || name == "undefok") {
    return FlagKind::kValue;
  }
  return FlagKind::kUnknown;
}

class FlagFileTest : public ::testing::Test {
 protected:
  std::string Path() { return ::testing::TempDir() + "/flags"; }
  std::string Check(const std::string& text, const std::string& undefok = "") {
    std::ofstream(Path()) << text;
    return std::string(CheckFlagFile(Path(), KindOf, undefok).message());
  }
};

TEST_F(FlagFileTest, TakesFlagsCommentsAndBlankLines) {
  EXPECT_EQ(Check("# ports\n\n  --port=1\n--on\n--noon\n"), "");
  EXPECT_EQ(Check(""), "");
}

TEST_F(FlagFileTest, UnknownFlagNamesFileAndLine) {
  const std::string error = Check("--on\n--prot=1\n");
  EXPECT_THAT(error, HasSubstr(Path() + ": line 2: --prot: no such flag"));
  EXPECT_EQ(Check("--prot=1\n", "prot"), "");
}

TEST_F(FlagFileTest, FlagWithoutItsValueIsAnError) {
  EXPECT_THAT(Check("--port 1\n"), HasSubstr("line 1: --port 1: no such flag"));
  EXPECT_THAT(Check("port=1\n"), HasSubstr("line 1: port=1: must begin with"));
}

TEST_F(FlagFileTest, SectionsOfOtherProgramsAreLeftAlone) {
  EXPECT_EQ(Check("--on\nother-program\n--what=1\n"), "");
}

TEST_F(FlagFileTest, FilesInFilesAreChecked) {
  EXPECT_THAT(Check("--flagfile=/nowhere\n"),
              EndsWith("line 1: --flagfile=/nowhere: must be a file that can "
                       "be read: No such file or directory"));
  EXPECT_THAT(Check("--flagfile=" + Path() + "\n"),
              EndsWith("must not bring in itself"));
}

TEST_F(FlagFileTest, DirectoryIsNoFlagFile) {
  EXPECT_EQ(CheckFlagFile("/tmp", KindOf, "").message(),
            "--flagfile=/tmp: must be a file that can be read: Is a directory");
}

}  // namespace
}  // namespace vios
