// SPDX-License-Identifier: Apache-2.0
#include "proxy/config_report.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/channel_filter.h"
#include "channel/scratch_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ChannelFilter All() { return *ChannelFilter::Parse("*"); }

TEST(ConfigReportTest, ListsChannelsAndWhatIsLeftAlone) {
  const ScratchDir dir;
  dir.MakeDirectory("g1");
  dir.MakeSocket("g1/0");
  dir.MakeFile("g1/notes");
  const std::string report =
      ConfigReport("serves all", ListHostSide(dir.path(), All()));
  EXPECT_EQ(report, absl::StrCat("serves all\nchannels now: 1\n"
                                 "  g1/0: unix socket\n"
                                 "ignored ",
                                 dir / "g1/notes", ": a plain file\n"));
}

TEST(ConfigReportTest, ADirectoryThatIsNotThereIsTold) {
  const ScratchDir dir;
  EXPECT_THAT(ConfigReport("x", ListGuestSide(dir / "nix", All())),
              HasSubstr("x\nRoot path stat fail: "));
}

TEST(ConfigReportTest, APathTooLongForASocketIsWrong) {
  Endpoint endpoint = {.guest = "g", .name = "0"};
  endpoint.kind = EndpointKind::kSocket;
  endpoint.path = "/" + std::string(150, 'x');
  EXPECT_EQ(ProblemOf(endpoint),
            "the path has 151 bytes, a socket's may have 107");
}

TEST(ConfigReportTest, WhatCannotBeOpenedIsWrong) {
  const ScratchDir dir;
  Endpoint endpoint = {.name = "qpid.0", .path = dir / "gone"};
  EXPECT_EQ(ProblemOf(endpoint), "cannot be opened: No such file or directory");
  Listing listing;
  listing.endpoints = {endpoint};
  EXPECT_THAT(ConfigReport("x", listing),
              HasSubstr("\n  qpid.0: device; WRONG: cannot be opened:"));
}

TEST(ConfigReportTest, NamesMakeNoSecondLine) {
  const ScratchDir dir;
  dir.MakeSocket("a\nb");
  const std::string report =
      ConfigReport("x", ListGuestSide(dir.path(), All()));
  EXPECT_THAT(report, HasSubstr("\n  a\\x0ab: unix socket\n"));
}

}  // namespace
}  // namespace vios
