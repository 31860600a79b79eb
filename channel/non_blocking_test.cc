// SPDX-License-Identifier: Apache-2.0
#include "channel/non_blocking.h"

#include <fcntl.h>
#include <unistd.h>

#include "channel/unique_fd.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(NonBlockingTest, WhatBlocksBlocksNoMore) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd in(ends[0]);
  const UniqueFd out(ends[1]);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(MakeNonBlocking(in.get(), kHostChannelWording, "x").ok());
    EXPECT_NE(::fcntl(in.get(), F_GETFL) & O_NONBLOCK, 0);
  }
}

TEST(NonBlockingTest, FailureIsTheDiagnosticOfTheManual) {
  EXPECT_EQ(MakeNonBlocking(-1, kHostChannelWording, "/dev/x").message(),
            "fcntl(F_GETFL) on host channel: /dev/x: Bad file descriptor");
  EXPECT_EQ(MakeNonBlocking(-1, kProxyServiceWording, "[::1]:1").message(),
            "Proxy service fcntl(F_GETFL): [::1]:1: Bad file descriptor");
}

// The one descriptor whose flags can be read and not be set.
TEST(NonBlockingTest, FlagsThatCannotBeSetAreTheOtherDiagnostic) {
  const UniqueFd path(::open("/", O_PATH | O_CLOEXEC));
  ASSERT_TRUE(path.ok());
  EXPECT_EQ(
      MakeNonBlocking(path.get(), kHostChannelWording, "/dev/x").message(),
      "fcntl(F_SETFL) on host channel /dev/x: Bad file descriptor");
}

}  // namespace
}  // namespace vios
