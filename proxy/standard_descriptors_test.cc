// SPDX-License-Identifier: Apache-2.0
#include "proxy/standard_descriptors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace vios {
namespace {

bool IsNull(int fd) {
  struct stat file = {};
  return ::fstat(fd, &file) == 0 && S_ISCHR(file.st_mode) &&
         file.st_rdev == ::makedev(1, 3);
}

// In a process of its own, for nothing can be said without stderr.
void CloseAndFill(bool all) {
  ::close(STDIN_FILENO);
  ::close(STDERR_FILENO);
  if (all) ::close(STDOUT_FILENO);
  FillStandardDescriptors();
  const bool filled = IsNull(STDIN_FILENO) && IsNull(STDERR_FILENO) &&
                      ::fcntl(STDOUT_FILENO, F_GETFD) >= 0;
  ::_exit(filled ? 0 : 1);
}

TEST(StandardDescriptorsDeathTest, ClosedOnesLeadNowhere) {
  EXPECT_EXIT(CloseAndFill(false), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(CloseAndFill(true), ::testing::ExitedWithCode(0), "");
}

TEST(StandardDescriptorsTest, OpenOnesAreLeftAlone) {
  struct stat before = {}, behind = {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &before), 0);
  FillStandardDescriptors();
  ASSERT_EQ(::fstat(STDERR_FILENO, &behind), 0);
  EXPECT_EQ(before.st_ino, behind.st_ino);
}

}  // namespace
}  // namespace vios
