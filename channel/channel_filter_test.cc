// SPDX-License-Identifier: Apache-2.0
#include "channel/channel_filter.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;

bool Matches(absl::string_view globs, absl::string_view name) {
  return ChannelFilter::Parse(globs)->Matches(name);
}

TEST(ChannelFilterTest, TheDefaultLeavesWellKnownNamesAlone) {
  EXPECT_TRUE(Matches("*", "qpid.0"));
  EXPECT_TRUE(Matches("*", "0"));
  EXPECT_TRUE(Matches("*", ".hidden"));
  EXPECT_TRUE(Matches("*", "org.qemu"));
  for (const char* name :
       {"org.qemu.guest_agent.0", "com.redhat.spice.0", "com.redhat.rhevm.vdsm",
        "org.spice-space.webdav.0", "org.libguestfs.channel.0",
        "org.github.vhostmd.1"}) {
    EXPECT_FALSE(Matches("*", name)) << name;
  }
}

TEST(ChannelFilterTest, AnExplicitGlobTakesWhatItMatches) {
  EXPECT_TRUE(Matches("org.qemu.*", "org.qemu.guest_agent.0"));
  EXPECT_TRUE(Matches("*,foo", "org.qemu.guest_agent.0"));
  EXPECT_FALSE(Matches("org.qemu.*", "qpid.0"));
}

TEST(ChannelFilterTest, AnyOfTheGlobsWillDo) {
  EXPECT_TRUE(Matches("qpid.*,spare.[0-9]", "qpid.10"));
  EXPECT_TRUE(Matches("qpid.*, spare.[0-9]", "spare.7"));
  EXPECT_FALSE(Matches("qpid.*,spare.[0-9]", "spare.77"));
}

TEST(ChannelFilterTest, AStarTwiceIsStillTheDefault) {
  EXPECT_FALSE(Matches("*,*", "org.qemu.guest_agent.0"));
}

TEST(ChannelFilterTest, EmptyGlobsAndSlashesAreRefused) {
  for (const char* globs : {"", " ", ",", "a,", ",a", "a,,b", "a/b", "/"}) {
    const absl::Status status = ChannelFilter::Parse(globs).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << globs;
    EXPECT_THAT(status.message(), HasSubstr(std::string("\"") + globs + "\""));
    EXPECT_THAT(status.message(), HasSubstr("allowed are"));
  }
}

TEST(ChannelFilterTest, KeepsTheTextAndIsAStarAtFirst) {
  EXPECT_EQ(ChannelFilter::Parse("b,a ,b")->text(), "b,a ,b");
  EXPECT_EQ(ChannelFilter().text(), "*");
  EXPECT_TRUE(ChannelFilter().Matches("qpid.0"));
  EXPECT_FALSE(ChannelFilter().Matches("org.qemu.guest_agent.0"));
}

TEST(ChannelFilterTest, TheSameSetNormalisesToTheSameText) {
  EXPECT_EQ(ChannelFilter::Parse("b,a ,b")->Normalised(), "a,b");
  EXPECT_EQ(ChannelFilter::Parse("*")->Normalised(), "*");
}

}  // namespace
}  // namespace vios
