// SPDX-License-Identifier: Apache-2.0
#include "channel/directory_entries.h"

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

}  // namespace
}  // namespace vios
