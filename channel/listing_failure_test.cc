// SPDX-License-Identifier: Apache-2.0
// What a listing makes of a file system that fails.
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "channel/listing.h"
#include "channel/refuse_call.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace {

// What fstatat() fails for, exactly as it is asked, and how.
std::string broken;
int failure = 0;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int fstatat(int directory, const char* path, struct stat* info,
                       int flags) noexcept {
  if (path != broken) {
    return static_cast<int>(
        ::syscall(SYS_newfstatat, directory, path, info, flags));
  }
  errno = failure;
  return -1;
}

namespace vios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// A directory with two guests: guest1 with the socket "0", guest2 with "0" and
// "bad".
class ListingFailureTest : public ::testing::Test {
 protected:
  ListingFailureTest() {
    dir_.MakeDirectory("top");
    dir_.MakeDirectory("top/guest1");
    dir_.MakeSocket("top/guest1/0");
    dir_.MakeDirectory("top/guest2");
    dir_.MakeSocket("top/guest2/0");
    dir_.MakeSocket("top/guest2/bad");
  }
  ~ListingFailureTest() override { broken.clear(); }

  Listing List() const {
    return ListHostSide(dir_ / "top", *ChannelFilter::Parse("*"));
  }
  Listing ListWith(const std::string& what, int error) const {
    broken = what;
    failure = error;
    return List();
  }
  // Looks where the file system gives `error` for the names in a directory, in
  // a process of its own; whether what comes of it counts.
  bool CountsWithoutNames(int error) const {
    const pid_t child = ::fork();
    if (child == 0) {
      if (!RefuseCall(SYS_getdents64, error)) ::_exit(2);
      ::_exit(ListingCounts(List()) ? 1 : 0);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) < 2) << status;
    return WEXITSTATUS(status) == 1;
  }

  const ScratchDir dir_;
};

std::vector<std::string> Paths(const Listing& listing) {
  std::vector<std::string> paths;
  for (const Endpoint& endpoint : listing.endpoints) {
    paths.push_back(endpoint.guest + "/" + endpoint.name);
  }
  return paths;
}

TEST_F(ListingFailureTest, NotToBeToldTheNamesIsNoEmptyDirectory) {
  for (const int error : {ENOMEM, EIO, ESTALE, ENOTCONN, ETIMEDOUT, EACCES}) {
    EXPECT_FALSE(CountsWithoutNames(error)) << std::strerror(error);
  }
}

TEST_F(ListingFailureTest, ATopLevelDirectoryThatFailsDoesNotCount) {
  for (const int error : {ENOMEM, EIO, ESTALE, ENOTCONN, EACCES, EPERM}) {
    EXPECT_FALSE(ListingCounts(ListWith(dir_ / "top", error)))
        << std::strerror(error);
  }
  for (const int error : {ENOENT, ENOTDIR, ELOOP}) {
    EXPECT_TRUE(ListingCounts(ListWith(dir_ / "top", error)))
        << std::strerror(error);
  }
}

TEST_F(ListingFailureTest, OfAGuestThatFailsNothingIsKnown) {
  for (const int error : {ENOMEM, EIO, ESTALE, ENOTCONN, EACCES, EPERM}) {
    const Listing listing = ListWith(dir_ / "top/guest2", error);
    EXPECT_TRUE(ListingCounts(listing));
    EXPECT_THAT(Paths(listing), ElementsAre("guest1/0"));
    EXPECT_THAT(listing.unseen, ElementsAre(Key("guest2")));
    EXPECT_THAT(listing.problems, SizeIs(1));
  }
}

TEST_F(ListingFailureTest, OneEntryThatFailsHidesNoOther) {
  const Listing guest = ListWith("guest2", EIO);
  EXPECT_THAT(Paths(guest), ElementsAre("guest1/0"));
  EXPECT_THAT(guest.unseen, UnorderedElementsAre(Key("guest2"), Key("top")));
  EXPECT_THAT(guest.problems,
              ElementsAre("Error accessing guest path: " + dir_ / "top/guest2" +
                          ": Input/output error"));

  const Listing socket = ListWith("bad", EIO);
  EXPECT_THAT(Paths(socket), ElementsAre("guest1/0", "guest2/0"));
  EXPECT_THAT(socket.unseen, ElementsAre(Key("guest2")));
}

TEST_F(ListingFailureTest, AGuestThatIsGoneMeanwhileIsNone) {
  const Listing listing = ListWith(dir_ / "top/guest2", ENOENT);
  EXPECT_THAT(Paths(listing), ElementsAre("guest1/0"));
  EXPECT_THAT(listing.sub_directories, ElementsAre(dir_ / "top/guest1"));
  EXPECT_THAT(listing.unseen, IsEmpty());
  EXPECT_THAT(listing.problems, IsEmpty());
}

}  // namespace
}  // namespace vios
