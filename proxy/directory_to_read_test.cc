// SPDX-License-Identifier: Apache-2.0
#include "proxy/directory_to_read.h"

#include <optional>
#include <string>

#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(DirectoryToReadTest, IsWhereTheFileIs) {
  const ScratchDir dir;
  const std::string file = dir.MakeFile("resolv.conf");
  EXPECT_THAT(DirectoryToRead(file), Optional(Eq(dir.path())));
}

TEST(DirectoryToReadTest, FollowsSymlinks) {
  const ScratchDir dir;
  const std::string there = dir.MakeDirectory("there");
  dir.MakeFile("there/stub");
  dir.MakeSymlink("first", "second");
  dir.MakeSymlink("second", "there/stub");
  EXPECT_THAT(DirectoryToRead(dir / "first"), Optional(Eq(there)));
}

TEST(DirectoryToReadTest, AFileThatIsNotThereYetWillBeThere) {
  const ScratchDir dir;
  dir.MakeSymlink("link", "stub");
  EXPECT_THAT(DirectoryToRead(dir / "link"), Optional(Eq(dir.path())));
}

TEST(DirectoryToReadTest, OneAboveStandsForADirectoryThatIsNotThereYet) {
  const ScratchDir dir;
  dir.MakeSymlink("link", dir / "network/manager/stub");
  EXPECT_THAT(DirectoryToRead(dir / "link"), Optional(Eq(dir.path())));
}

TEST(DirectoryToReadTest, TheSystemsOwnMayStandForOne) {
  const ScratchDir dir;
  dir.MakeSymlink("link", "/run/no-such-network-manager/stub");
  EXPECT_THAT(DirectoryToRead(dir / "link"), Optional(Eq("/run")));
}

TEST(DirectoryToReadTest, ADirectoryOfTheRootIsTooMuchToStandForOne) {
  const ScratchDir dir;
  dir.MakeSymlink("link", "/home/no-such-user/stub");
  EXPECT_EQ(DirectoryToRead(dir / "link"), std::nullopt);
}

TEST(DirectoryToReadTest, NorUnderAnotherName) {
  const ScratchDir dir;
  dir.MakeSymlink("home", "/home");
  dir.MakeSymlink("link", dir / "home/no-such-user/stub");
  EXPECT_EQ(DirectoryToRead(dir / "link"), std::nullopt);
}

TEST(DirectoryToReadTest, ADirectoryOfTheRootIsNotTooMuchForAFileInIt) {
  const ScratchDir dir;
  dir.MakeSymlink("link", "/tmp/no-such-file");
  EXPECT_THAT(DirectoryToRead(dir / "link"), Optional(Eq("/tmp")));
}

TEST(DirectoryToReadTest, TheRootIsTooMuchForAFileInIt) {
  const ScratchDir dir;
  dir.MakeSymlink("link", "/no-such-file");
  EXPECT_EQ(DirectoryToRead(dir / "link"), std::nullopt);
}

TEST(DirectoryToReadTest, SymlinksThatLeadNowhereHaveAnEnd) {
  const ScratchDir dir;
  dir.MakeSymlink("one", "other");
  dir.MakeSymlink("other", "one");
  EXPECT_THAT(DirectoryToRead(dir / "one"), Optional(Eq(dir.path())));
}

}  // namespace
}  // namespace vios
