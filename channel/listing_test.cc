// SPDX-License-Identifier: Apache-2.0
#include "channel/listing.h"

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "channel/directory_entries.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

Listing Guest(const std::string& directory, absl::string_view globs = "*") {
  return ListGuestSide(directory, *ChannelFilter::Parse(globs));
}

Listing Host(const std::string& directory, absl::string_view globs = "*") {
  return ListHostSide(directory, *ChannelFilter::Parse(globs));
}

// "guest/name" of each.
std::vector<std::string> Names(const Listing& listing) {
  std::vector<std::string> names;
  for (const Endpoint& endpoint : listing.endpoints) {
    names.push_back(absl::StrCat(endpoint.guest, "/", endpoint.name));
  }
  return names;
}

// The last part of each path, and why.
std::vector<std::string> Ignored(const Listing& listing) {
  std::vector<std::string> ignored;
  for (const auto& [path, why] : listing.ignored) {
    ignored.push_back(
        absl::StrCat(path.substr(path.rfind('/') + 1), ": ", why));
  }
  return ignored;
}

// While it lives `directory` has `mode`, and that binds even root.
class Locked {
 public:
  Locked(std::string directory, mode_t mode)
      : directory_(std::move(directory)) {
    (void)::chmod(directory_.c_str(), mode);
    (void)::syscall(SYS_capget, &header_, had_);
    __user_cap_data_struct idle[2] = {had_[0], had_[1]};
    idle[0].effective = idle[1].effective = 0;
    (void)::syscall(SYS_capset, &header_, idle);
  }
  ~Locked() {
    (void)::syscall(SYS_capset, &header_, had_);
    (void)::chmod(directory_.c_str(), 0700);
  }

 private:
  const std::string directory_;
  __user_cap_header_struct header_ = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct had_[2] = {};
};

TEST(ListGuestSideTest, ListsADeviceWithItsIdentity) {
  const Listing listing = Guest("/dev", "null");
  ASSERT_TRUE(listing.status.ok()) << listing.status;
  ASSERT_THAT(listing.endpoints, SizeIs(1));
  const Endpoint& null = listing.endpoints[0];
  EXPECT_EQ(null.guest, "");
  EXPECT_EQ(null.name, "null");
  EXPECT_EQ(null.path, "/dev/null");
  EXPECT_EQ(null.kind, EndpointKind::kDevice);
  EXPECT_EQ(null.rdev, ::makedev(1, 3));
}

TEST(ListGuestSideTest, ASymlinkHasTheIdentityOfItsDevice) {
  const ScratchDir dir;
  dir.MakeSymlink("port", "/dev/null");
  const Listing before = Guest(dir.path());
  ASSERT_THAT(Names(before), ElementsAre("/port"));
  EXPECT_EQ(before.endpoints[0].rdev, ::makedev(1, 3));
  ::unlink((dir / "port").c_str());
  dir.MakeSymlink("port", "/dev/zero");
  const Listing after = Guest(dir.path());
  ASSERT_THAT(Names(after), ElementsAre("/port"));
  EXPECT_FALSE(before.endpoints[0].SameThing(after.endpoints[0]));
}

TEST(ListGuestSideTest, ListsSocketsInOrder) {
  const ScratchDir dir;
  for (const char* name : {"b", "c", "a"}) dir.MakeSocket(name);
  const Listing listing = Guest(dir.path() + "/");
  EXPECT_THAT(Names(listing), ElementsAre("/a", "/b", "/c"));
  EXPECT_EQ(listing.endpoints[0].path, dir / "a");
  EXPECT_EQ(listing.endpoints[0].kind, EndpointKind::kSocket);
}

TEST(ListGuestSideTest, IgnoresTheRestAndSaysWhy) {
  const ScratchDir dir;
  dir.MakeFile("1");
  dir.MakeDirectory("2");
  dir.MakeSocket("org.qemu.guest_agent.0");
  dir.MakeSymlink("4", dir.MakeSocket("3"));
  dir.MakeSymlink("5", "nowhere");
  dir.MakeSymlink("6", "6");
  const Listing listing = Guest(dir.path());
  EXPECT_THAT(Names(listing), ElementsAre("/3"));
  EXPECT_THAT(Ignored(listing),
              ElementsAre("1: a plain file", "2: a directory",
                          "4: a symlink to a socket",
                          "5: a symlink to what cannot be reached: "
                          "No such file or directory",
                          "6: a symlink to what cannot be reached: "
                          "Too many levels of symbolic links",
                          "org.qemu.guest_agent.0: its name is left out by "
                          "--channels"));
  EXPECT_THAT(listing.problems, IsEmpty());
}

TEST(ListGuestSideTest, TheFilterDecides) {
  const ScratchDir dir;
  for (const char* name : {"a.0", "b.0", "org.qemu.0"}) dir.MakeSocket(name);
  EXPECT_THAT(Names(Guest(dir.path(), "a.*,org.*")),
              ElementsAre("/a.0", "/org.qemu.0"));
}

TEST(ListGuestSideTest, WordsWhatIsWrongWithTheDirectory) {
  const ScratchDir dir;
  const absl::Status gone = Guest(dir / "none").status;
  EXPECT_TRUE(absl::IsNotFound(gone));
  EXPECT_EQ(gone.message(), absl::StrCat("Root path stat fail: ", dir / "none",
                                         ": No such file or directory"));
  const absl::Status file = Guest(dir.MakeFile("text")).status;
  EXPECT_TRUE(absl::IsFailedPrecondition(file));
  EXPECT_THAT(std::string(file.message()),
              StartsWith("Root path is not a directory: /tmp"));
}

TEST(ListGuestSideTest, AnUnreadableDirectoryIsAnOpenError) {
  const ScratchDir dir;
  const Locked locked(dir.path(), 0);
  const absl::Status status = Guest(dir.path()).status;
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_THAT(std::string(status.message()),
              StartsWith("Root path open error: /tmp"));
}

// The port behind it counts as gone.
TEST(ListGuestSideTest, ASymlinkThatIsClosedToUsSaysNothingOfTheOthers) {
  const ScratchDir dir;
  const std::string elsewhere = dir.MakeDirectory("elsewhere");
  dir.MakeDirectory("ports");
  dir.MakeSymlink("ports/1", "nowhere");
  dir.MakeSymlink("ports/2", elsewhere + "/device");
  const Locked locked(elsewhere, 0600);
  const Listing listing = Guest(dir / "ports");
  EXPECT_THAT(listing.unseen, IsEmpty());
  EXPECT_THAT(Ignored(listing),
              Contains("2: a symlink to what cannot be reached: "
                       "Permission denied"));
}

TEST(ListGuestSideTest, ListsATooLongPath) {
  const ScratchDir dir;
  const std::string name(kMaxSocketPath, 'x');
  dir.MakeSocket(name);
  EXPECT_THAT(Names(Guest(dir.path())), ElementsAre("/" + name));
}

TEST(ListGuestSideTest, LooksAtNoMoreThanTheLimit) {
  const ScratchDir dir("/dev/shm");  // So many files take a disk long.
  for (size_t i = 0; i <= kMaxListed; ++i) dir.MakeSocket(absl::StrCat(i));
  const Listing listing = Guest(dir.path());
  EXPECT_THAT(listing.endpoints, SizeIs(kMaxListedOfGuest));
  EXPECT_THAT(listing.problems,
              ElementsAre(HasSubstr("More than 4096 entries"),
                          HasSubstr("More than 1024 end points")));
  EXPECT_THAT(listing.unseen, ElementsAre(Key("")));
}

TEST(ListHostSideTest, OneGuestTakesNoOtherGuestsPlace) {
  const ScratchDir dir("/dev/shm");
  for (const char guest : {'a', 'b', 'c', 'd', 'e', 'f'}) {
    dir.MakeDirectory(std::string(1, guest));
    for (size_t i = 0; i <= kMaxListedOfGuest; ++i) {
      dir.MakeSocket(absl::StrCat(std::string(1, guest), "/", i));
      if (guest == 'b' || guest == 'f') break;
    }
  }
  const Listing listing = Host(dir.path());
  EXPECT_THAT(listing.endpoints, SizeIs(kMaxListed));
  EXPECT_THAT(Names(listing), Contains("b/0"));
  // Whose channels are all there is known of b alone.
  EXPECT_THAT(listing.unseen,
              ElementsAre(Key("a"), Key("c"), Key("d"), Key("e"), Key("f")));
  // That there is no place for anybody is told once.
  EXPECT_THAT(listing.problems,
              ElementsAre(HasSubstr("end points of guest a"),
                          HasSubstr("end points of guest c"),
                          HasSubstr("end points of guest d"),
                          HasSubstr("More than 4096 end points: ")));
}

// Whichever of them are read first.
TEST(ListHostSideTest, WhoHasTooManyFilesMayHaveEndPointsAmongThem) {
  const ScratchDir dir("/dev/shm");
  dir.MakeDirectory("a");
  dir.MakeDirectory("b");
  dir.MakeSocket("b/0");
  for (size_t i = 0; i <= kMaxListed; ++i) dir.MakeFile(absl::StrCat("a/", i));
  EXPECT_THAT(Host(dir.path()).unseen,
              ElementsAre(Pair("a", HasSubstr("More than 4096 entries"))));
  EXPECT_FALSE(Host(dir.path()).guests_left_out);
  EXPECT_FALSE(Host(dir.path()).Tells("a"));
  EXPECT_TRUE(Host(dir.path()).Tells("b"));
  for (size_t i = 0; i <= kMaxListed; ++i) dir.MakeFile(absl::StrCat(i));
  EXPECT_TRUE(Host(dir.path()).guests_left_out);
  EXPECT_THAT(Host(dir.path()).unseen, Contains(Key(BaseName(dir.path()))));
}

TEST(ListHostSideTest, OfWhatIsIgnoredNoMoreThanTheLimitIsNamed) {
  const ScratchDir dir("/dev/shm");
  dir.MakeDirectory("a");
  dir.MakeDirectory("b");
  for (size_t i = 0; i < kMaxListed; ++i) dir.MakeFile(absl::StrCat("a/", i));
  dir.MakeFile("b/0");
  const Listing listing = Host(dir.path());
  EXPECT_THAT(listing.ignored, SizeIs(kMaxListed));
  EXPECT_THAT(listing.unseen, IsEmpty());
}

TEST(ListGuestSideTest, WhatUdevIsMakingIsNoPortYet) {
  const ScratchDir dir;
  dir.MakeSymlink(".#qpid.0a6ed1f", "/dev/null");
  dir.MakeSymlink(".hidden", "/dev/null");
  EXPECT_THAT(Names(Guest(dir.path())), ElementsAre("/.hidden"));
}

TEST(ListHostSideTest, ListsEachGuestsSockets) {
  const ScratchDir dir;
  const std::string guest2 = dir.MakeDirectory("guest2");
  const std::string guest1 = dir.MakeDirectory("guest1");
  for (const char* name : {"guest2/0", "guest1/1", "guest1/0"}) {
    dir.MakeSocket(name);
  }
  const Listing listing = Host(dir.path());
  EXPECT_THAT(Names(listing), ElementsAre("guest1/0", "guest1/1", "guest2/0"));
  EXPECT_EQ(listing.endpoints[0].path, dir / "guest1/0");
  EXPECT_NE(listing.endpoints[0].ino, 0);
  EXPECT_THAT(listing.sub_directories, ElementsAre(guest1, guest2));
}

TEST(ListHostSideTest, ASocketDirectlyInItHasTheDirectorysName) {
  const ScratchDir dir;
  dir.MakeDirectory("qpid");
  dir.MakeSocket("qpid/0");
  EXPECT_THAT(Names(Host(dir / "qpid")), ElementsAre("qpid/0"));
  EXPECT_THAT(Names(Host(dir / "qpid//")), ElementsAre("qpid/0"));
}

TEST(ListHostSideTest, NothingIsReachedThroughASymlink) {
  const ScratchDir elsewhere;
  elsewhere.MakeSocket("0");
  const ScratchDir dir;
  dir.MakeDirectory("guest1");
  dir.MakeSymlink("guest1/0", elsewhere / "0");
  dir.MakeSymlink("guest2", elsewhere.path());
  dir.MakeSymlink("socket", elsewhere / "0");
  const Listing listing = Host(dir.path());
  EXPECT_THAT(Names(listing), IsEmpty());
  EXPECT_THAT(Ignored(listing), ElementsAre("0: a symlink", "guest2: a symlink",
                                            "socket: a symlink"));
  EXPECT_THAT(listing.problems, IsEmpty());
  EXPECT_THAT(listing.sub_directories, SizeIs(1));
}

TEST(ListHostSideTest, TheDirectoryItselfMayBeASymlink) {
  const ScratchDir dir;
  dir.MakeDirectory("real");
  dir.MakeSocket("real/0");
  EXPECT_THAT(Names(Host(dir.MakeSymlink("link", dir / "real"))),
              ElementsAre("link/0"));
}

TEST(ListHostSideTest, AFileInPlaceOfAGuestIsAProblem) {
  const ScratchDir dir;
  dir.MakeDirectory("guest1");
  dir.MakeFile("guest1/text");
  const std::string file = dir.MakeFile("guest2");
  const Listing listing = Host(dir.path());
  EXPECT_THAT(listing.problems,
              ElementsAre("Guest root path is not a directory: " + file));
  EXPECT_THAT(Ignored(listing), ElementsAre("text: a plain file"));
}

TEST(ListHostSideTest, AnUnreadableGuestIsLeftOut) {
  const ScratchDir dir;
  dir.MakeDirectory("good");
  dir.MakeSocket("good/0");
  const std::string bad = dir.MakeDirectory("bad");
  const Locked locked(bad, 0);
  const Listing listing = Host(dir.path());
  EXPECT_THAT(Names(listing), ElementsAre("good/0"));
  EXPECT_THAT(listing.problems, ElementsAre("Guest root path open error: " +
                                            bad + ": Permission denied"));
  EXPECT_FALSE(listing.Tells("bad"));
  EXPECT_TRUE(listing.Tells("good"));
}

TEST(ListHostSideTest, AGuestThatCannotBeSearchedIsLeftOutWithOneProblem) {
  const ScratchDir dir;
  const std::string bad = dir.MakeDirectory("bad");
  dir.MakeSocket("bad/0");
  dir.MakeSocket("bad/1");
  const Locked locked(bad, 0600);
  EXPECT_THAT(Host(dir.path()).problems,
              ElementsAre("Error accessing guest root path: " + bad +
                          "/0: Permission denied"));
}

TEST(ListHostSideTest, AMissingDirectoryFails) {
  EXPECT_EQ(Host("/tmp/vios-none").status.message(),
            "Error accessing guest path: /tmp/vios-none: "
            "No such file or directory");
}

}  // namespace
}  // namespace vios
