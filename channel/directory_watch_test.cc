// SPDX-License-Identifier: Apache-2.0
#include "channel/directory_watch.h"

#include <poll.h>

#include <filesystem>
#include <string>

#include "channel/fd_io.h"
#include "channel/scratch_dir.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

namespace fs = std::filesystem;

// inotify tells before the call that made the change returns.
class DirectoryWatchTest : public ::testing::Test {
 protected:
  // Whether a change was told since the last time.
  bool Rang() {
    const bool rang = ReadyNow(watch_.fd(), POLLIN) != 0;
    watch_.Drain();
    EXPECT_EQ(ReadyNow(watch_.fd(), POLLIN), 0);
    return rang;
  }

  const ScratchDir dir_;
  const std::string root_ = dir_.MakeDirectory("root");
  DirectoryWatch watch_{root_};
};

TEST_F(DirectoryWatchTest, SeesWhatComesAndGoes) {
  EXPECT_TRUE(watch_.status().ok()) << watch_.status();
  EXPECT_FALSE(Rang());
  const std::string socket = dir_.MakeSocket("root/0");
  EXPECT_TRUE(Rang());
  fs::rename(socket, dir_ / "root/1");
  EXPECT_TRUE(Rang());
  fs::remove(dir_ / "root/1");
  EXPECT_TRUE(Rang());
  EXPECT_FALSE(Rang());
}

TEST_F(DirectoryWatchTest, IsSilentAboutItsNeighbours) {
  dir_.MakeFile("neighbour");
  EXPECT_FALSE(Rang());
}

TEST_F(DirectoryWatchTest, SeesIntoSubDirectoriesThatItWasGiven) {
  const std::string guest = dir_.MakeDirectory("root/guest1");
  EXPECT_TRUE(Rang());
  EXPECT_TRUE(watch_.Watch({guest}));
  EXPECT_FALSE(watch_.Watch({guest}));
  dir_.MakeSocket("root/guest1/0");
  EXPECT_TRUE(Rang());
}

TEST_F(DirectoryWatchTest, ForgetsThoseThatItIsNoLongerGiven) {
  const std::string guest = dir_.MakeDirectory("root/guest1");
  (void)watch_.Watch({guest});
  EXPECT_FALSE(watch_.Watch({}));
  watch_.Drain();
  dir_.MakeSocket("root/guest1/0");
  EXPECT_FALSE(Rang());
}

TEST_F(DirectoryWatchTest, DoesNotGoThroughSymlinks) {
  const std::string elsewhere = dir_.MakeDirectory("elsewhere");
  const std::string link = dir_.MakeSymlink("root/guest1", elsewhere);
  EXPECT_FALSE(watch_.Watch({link}));
  EXPECT_TRUE(watch_.status().ok()) << watch_.status();
}

TEST_F(DirectoryWatchTest, SeesTheDirectoryLeaveAndComeBack) {
  fs::remove(root_);
  EXPECT_TRUE(Rang());
  (void)watch_.Watch({});
  watch_.Drain();
  dir_.MakeDirectory("root");
  EXPECT_TRUE(Rang());
  EXPECT_TRUE(watch_.Watch({}));
  watch_.Drain();
  dir_.MakeSocket("root/0");
  EXPECT_TRUE(Rang());
}

TEST_F(DirectoryWatchTest, SeesANewDirectoryInPlaceOfTheOldOne) {
  fs::rename(root_, dir_ / "old");
  dir_.MakeDirectory("root");
  EXPECT_TRUE(watch_.Watch({}));
  watch_.Drain();
  dir_.MakeSocket("old/0");
  EXPECT_FALSE(Rang());
  dir_.MakeSocket("root/0");
  EXPECT_TRUE(Rang());
}

TEST(DirectoryWatchOfNothingTest, WaitsForTheDirectory) {
  const ScratchDir dir;
  DirectoryWatch watch(dir / "later/");
  EXPECT_TRUE(watch.status().ok()) << watch.status();
  dir.MakeDirectory("later");
  EXPECT_NE(ReadyNow(watch.fd(), POLLIN), 0);
}

}  // namespace
}  // namespace vios
