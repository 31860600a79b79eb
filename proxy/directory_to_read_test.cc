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

std::optional<std::string> ForASymlinkTo(const std::string& target) {
  const ScratchDir dir;
  dir.MakeSymlink("link", target);
  return DirectoryToRead(dir / "link");
}

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
  EXPECT_THAT(ForASymlinkTo("/run/no-such-network-manager/stub"),
              Optional(Eq("/run")));
}

TEST(DirectoryToReadTest, ADirectoryOfTheRootIsTooMuchToStandForOne) {
  EXPECT_EQ(ForASymlinkTo("/home/no-such-user/stub"), std::nullopt);
}

TEST(DirectoryToReadTest, NorUnderAnotherName) {
  const ScratchDir dir;
  dir.MakeSymlink("home", "/home");
  dir.MakeSymlink("link", dir / "home/no-such-user/stub");
  EXPECT_EQ(DirectoryToRead(dir / "link"), std::nullopt);
}

TEST(DirectoryToReadTest, ADirectoryOfTheRootIsNotTooMuchForAFileInIt) {
  EXPECT_THAT(ForASymlinkTo("/tmp/no-such-file"), Optional(Eq("/tmp")));
}

TEST(DirectoryToReadTest, TheRootIsTooMuchForAFileInIt) {
  EXPECT_EQ(ForASymlinkTo("/no-such-file"), std::nullopt);
}

TEST(DirectoryToReadTest, SymlinksThatLeadNowhereHaveAnEnd) {
  const ScratchDir dir;
  dir.MakeSymlink("one", "other");
  dir.MakeSymlink("other", "one");
  EXPECT_THAT(DirectoryToRead(dir / "one"), Optional(Eq(dir.path())));
}

}  // namespace
}  // namespace vios
