// SPDX-License-Identifier: Apache-2.0
#include "channel/directory_entries.h"

#include <sys/stat.h>

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr DirectoryWording kWording = {"Root path stat fail",
                                       "Root path is not a directory",
                                       "Root path open error"};

std::string Check(const std::string& path) {
  return std::string(CheckDirectory(path, kWording).message());
}

TEST(CheckDirectoryTest, TakesADirectory) { EXPECT_EQ(Check("/tmp"), ""); }

TEST(CheckDirectoryTest, TakesALinkToADirectory) {
  EXPECT_EQ(Check("/proc/self/cwd"), "");
}

TEST(CheckDirectoryTest, MissingIsTheStatDiagnostic) {
  EXPECT_EQ(Check("/nowhere"),
            "Root path stat fail: /nowhere: No such file or directory");
  EXPECT_EQ(Check(""), "Root path stat fail: : No such file or directory");
}

TEST(CheckDirectoryTest, FileIsNotADirectory) {
  EXPECT_EQ(Check("/dev/null"), "Root path is not a directory: /dev/null");
}

TEST(SameDirectoryTest, SlashesAtTheEndDoNotCount) {
  EXPECT_TRUE(SameDirectory("/a/b", "/a/b//"));
  EXPECT_TRUE(SameDirectory("/", "//"));
  EXPECT_FALSE(SameDirectory("/a", "/a/b"));
}

TEST(FileKindTest, NamesEveryKind) {
  EXPECT_STREQ(FileKind(S_IFREG | 0600), "a plain file");
  EXPECT_STREQ(FileKind(S_IFDIR), "a directory");
  EXPECT_STREQ(FileKind(S_IFLNK), "a symlink");
  EXPECT_STREQ(FileKind(S_IFIFO), "a pipe");
  EXPECT_STREQ(FileKind(S_IFBLK), "a block device");
  EXPECT_STREQ(FileKind(S_IFCHR), "a character device");
  EXPECT_STREQ(FileKind(S_IFSOCK), "a socket");
  EXPECT_STREQ(FileKind(0), "of an unknown kind");
}

}  // namespace
}  // namespace vios
