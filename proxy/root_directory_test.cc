// SPDX-License-Identifier: Apache-2.0
#include "proxy/root_directory.h"

#include <string>

#include "gtest/gtest.h"

namespace vios {
namespace {

std::string Check(const std::string& path) {
  return std::string(CheckDirectory(path, kHostDirectoryDiagnostics).message());
}

TEST(RootDirectoryTest, TakesADirectory) { EXPECT_EQ(Check("/tmp"), ""); }

TEST(RootDirectoryTest, TakesALinkToADirectory) {
  EXPECT_EQ(Check("/proc/self/cwd"), "");
}

TEST(RootDirectoryTest, MissingIsTheStatDiagnostic) {
  EXPECT_EQ(Check("/nowhere"),
            "Root path stat fail: /nowhere: No such file or directory");
  EXPECT_EQ(Check(""), "Root path stat fail: : No such file or directory");
}

TEST(RootDirectoryTest, FileIsNotADirectory) {
  EXPECT_EQ(Check("/dev/null"), "Root path is not a directory: /dev/null");
}

}  // namespace
}  // namespace vios
