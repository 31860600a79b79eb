// SPDX-License-Identifier: Apache-2.0
#include "proxy/instance_lock.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kRole = "vios-proxy-test";

class InstanceLockTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_), nullptr); }
  void TearDown() override { ::rmdir(directory_); }
  absl::StatusOr<InstanceLock> Acquire(absl::string_view channels,
                                       absl::string_view role = kRole) {
    return InstanceLock::Acquire(role, directory_,
                                 *ChannelFilter::Parse(channels));
  }

  char directory_[24] = "/tmp/vios-lck-XXXXXX";
};

TEST_F(InstanceLockTest, SecondIsToldWhoHasIt) {
  const auto first = Acquire("*");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Acquire("*");
  ASSERT_TRUE(absl::IsAlreadyExists(second.status()));
  EXPECT_EQ(second.status().message(),
            absl::StrCat("Another vios-proxy-test (PID ", ::getpid(),
                         " of user ", ::getuid(), ") already serves ",
                         directory_, " with --channels=*"));
}

TEST_F(InstanceLockTest, IsFreeAfterItsHolder) {
  { ASSERT_TRUE(Acquire("*").ok()); }
  EXPECT_TRUE(Acquire("*").ok());
}

TEST_F(InstanceLockTest, OtherChannelsAndRolesAreOtherLocks) {
  const auto first = Acquire("a*");
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(Acquire("b*").ok());
  EXPECT_TRUE(Acquire("a*", "vios-proxy-other").ok());
}

TEST_F(InstanceLockTest, OrderOfTheGlobsMakesNoDifference) {
  const auto first = Acquire("a*,b*");
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Acquire("b*, a*,a*").status()));
}

TEST_F(InstanceLockTest, OtherPathToTheDirectoryIsTheSameLock) {
  const auto first = Acquire("*");
  ASSERT_TRUE(first.ok());
  const auto second =
      InstanceLock::Acquire(kRole, absl::StrCat(directory_, "/./"), {});
  EXPECT_TRUE(absl::IsAlreadyExists(second.status()));
}

TEST_F(InstanceLockTest, ADirectoryThatIsMadeAnewIsTheSameLock) {
  const auto first = Acquire("*");
  ASSERT_TRUE(first.ok());
  const std::string moved = absl::StrCat(directory_, ".old");
  ASSERT_EQ(::rename(directory_, moved.c_str()), 0);  // It keeps its inode.
  ASSERT_EQ(::mkdir(directory_, 0700), 0);
  EXPECT_TRUE(absl::IsAlreadyExists(Acquire("*").status()));
  EXPECT_EQ(::rmdir(moved.c_str()), 0);
}

TEST_F(InstanceLockTest, LongSetsFit) {
  const std::string many = std::string(5000, 'a');
  const auto first = Acquire(many);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(Acquire(many + "b").ok());
}

TEST_F(InstanceLockTest, DroppedVisitorsMakeRoom) {
  auto first = Acquire("*");
  ASSERT_TRUE(first.ok());
  for (int i = 0; i < 5000; ++i) {
    if (i % 1000 == 0) first->DropVisitors();
    ASSERT_THAT(std::string(Acquire("*").status().message()),
                HasSubstr(absl::StrCat("PID ", ::getpid(), " of user ",
                                       ::getuid(), ")")));
  }
}

TEST_F(InstanceLockTest, MissingDirectoryIsAnError) {
  EXPECT_TRUE(
      absl::IsNotFound(InstanceLock::Acquire(kRole, "/nowhere", {}).status()));
}

}  // namespace
}  // namespace vios
