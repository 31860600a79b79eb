// SPDX-License-Identifier: Apache-2.0
#include "proxy/flag_file.h"

#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/arguments.h"

namespace vios {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

FlagKind KindOf(const std::string& name) {
  if (name == "on") return FlagKind::kSwitch;
  if (name == "port" || name == "flagfile" || name == "undefok" ||
      name == "fromenv") {
    return FlagKind::kValue;
  }
  return FlagKind::kUnknown;
}

class FlagFileTest : public ::testing::Test {
 protected:
  std::string Path() { return ::testing::TempDir() + "/flags"; }
  // What the words of a command line amount to, or the error.
  std::string Expand(const std::vector<std::string>& words) {
    auto arguments = ScanArguments(words, KindOf);
    if (!arguments.ok()) return std::string(arguments.status().message());
    const absl::Status status = ExpandFlagFiles(KindOf, *arguments);
    if (!status.ok()) return std::string(status.message());
    std::string all;
    for (const auto& flag : arguments->flags) {
      absl::StrAppend(&all, flag.name, "=", flag.value, " ");
    }
    return all;
  }
  std::string Check(const std::string& text) {
    std::ofstream(Path()) << text;
    return Expand({"--flagfile=" + Path()});
  }
};

TEST_F(FlagFileTest, TakesFlagsCommentsAndBlankLines) {
  EXPECT_EQ(Check("# ports\n\n  --port=1\r\n--on\n--noon"),
            "port=1 on=true on=false ");
  EXPECT_EQ(Check(""), "");
}

TEST_F(FlagFileTest, FlagsStandWhereTheirFileStood) {
  std::ofstream(Path()) << "--port=2\n";
  EXPECT_EQ(Expand({"--port=1", "--flagfile=" + Path(), "--port=3"}),
            "port=1 port=2 port=3 ");
}

TEST_F(FlagFileTest, ByteOrderMarkIsNoPartOfTheFirstLine) {
  EXPECT_EQ(Check("\xef\xbb\xbf# ports\n--port=1\n"), "port=1 ");
  EXPECT_EQ(Check("\xef\xbb\xbf--port=1\n"), "port=1 ");
}

TEST_F(FlagFileTest, PipeIsReadOnce) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  ASSERT_EQ(::write(pipe[1], "--port=7\n", 9), 9);
  ::close(pipe[1]);
  EXPECT_EQ(Expand({absl::StrCat("--flagfile=/dev/fd/", pipe[0])}), "port=7 ");
  ::close(pipe[0]);
}

TEST_F(FlagFileTest, UnknownFlagNamesFileAndLine) {
  const std::string error = Check("--on\n--prot=1\n");
  EXPECT_THAT(error, HasSubstr(Path() + ": line 2: --prot: no such flag"));
  EXPECT_EQ(Expand({"--undefok=prot", "--flagfile=" + Path()}),
            Expand({"--undefok=prot", "--on"}));
}

TEST_F(FlagFileTest, FlagWithoutItsValueIsAnError) {
  EXPECT_THAT(Check("--port 1\n"), HasSubstr("line 1: --port 1: no such flag"));
  EXPECT_THAT(Check("--on\n--port\n"),
              HasSubstr("line 2: --port: must be followed by a value"));
}

TEST_F(FlagFileTest, AnythingElseIsAnError) {
  for (const char* line : {"port=1", "port 1", "other-program", "-", "--"}) {
    EXPECT_THAT(
        Check(absl::StrCat("--on\n", line, "\n--port=2\n")),
        EndsWith(absl::StrCat("line 2: ", line, ": must begin with --")));
  }
}

// Nobody would check it.
TEST_F(FlagFileTest, EnvironmentBringsInNoFile) {
  EXPECT_EQ(Expand({"--fromenv=port"}), "fromenv=port ");
  EXPECT_THAT(Expand({"--fromenv=port,flagfile"}),
              HasSubstr("--fromenv=port,flagfile: must not have flagfile"));
  EXPECT_THAT(Check("--fromenv=flagfile\n"), HasSubstr("line 1: --fromenv"));
}

TEST_F(FlagFileTest, FilesInFilesAreChecked) {
  EXPECT_THAT(Check("--flagfile=/nowhere\n"),
              EndsWith("line 1: --flagfile=/nowhere: must be a file that can "
                       "be read: No such file or directory"));
  EXPECT_THAT(Check("--flagfile=" + Path() + "\n"),
              EndsWith("must not bring in itself"));
}

TEST_F(FlagFileTest, DirectoryIsNoFlagFile) {
  EXPECT_EQ(Expand({"--flagfile=/tmp"}),
            "--flagfile=/tmp: must be a file that can be read: Is a directory");
}

}  // namespace
}  // namespace vios
