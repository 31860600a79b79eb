// SPDX-License-Identifier: Apache-2.0
#include "proxy/directory_teller.h"

#include <string>

#include "absl/status/status.h"
#include "channel/listing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proxy/log.h"
#include "proxy/test_log.h"

namespace vios {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class DirectoryTellerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    InitTestLog("directory_teller_test");
    SetLogLevel(LogLevel::kDebug);
  }
  // What comes out when this is seen several times.
  std::string Told(const Listing& listing) {
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) teller_.Tell(listing);
    return ::testing::internal::GetCapturedStderr();
  }

  DirectoryTeller teller_;
  const Listing all_is_well_ = {};
};

TEST_F(DirectoryTellerTest, NothingWhileAllIsWell) {
  EXPECT_THAT(Told(all_is_well_), IsEmpty());
}

TEST_F(DirectoryTellerTest, ADirectoryThatIsGoneIsOneErrorLine) {
  Listing gone;
  gone.status = absl::NotFoundError("Root path stat fail: /ports");
  EXPECT_THAT(Told(gone),
              MatchesRegex("[^\n]* ERROR Root path stat fail: /ports; waiting "
                           "for it\n"));
  EXPECT_THAT(Told(all_is_well_),
              MatchesRegex("[^\n]* NOTICE directory is back\n"));
}

TEST_F(DirectoryTellerTest, ASubDirectoryThatCannotBeUsedIsOneWarning) {
  Listing one;
  one.problems = {"Guest root path open error: /hosts/a"};
  const auto warning = MatchesRegex(
      "[^\n]* WARN Guest root path open error: /hosts/a; it is left out\n");
  EXPECT_THAT(Told(one), warning);
  Listing two = one;
  two.problems.push_back("Guest root path open error: /hosts/b");
  EXPECT_THAT(Told(two),
              MatchesRegex("[^\n]* WARN [^\n]* /hosts/b; it is left out\n"));
  // One that comes again is news again.
  EXPECT_THAT(Told(all_is_well_), IsEmpty());
  EXPECT_THAT(Told(one), warning);
}

TEST_F(DirectoryTellerTest, WhatCannotBeSeenIsSaidToStay) {
  Listing listing;
  listing.unseen["a"] = "Guest root path open error: /hosts/a: Too many files";
  EXPECT_THAT(Told(listing), MatchesRegex("[^\n]* WARN [^\n]* Too many files; "
                                          "what was there stays\n"));
}

TEST_F(DirectoryTellerTest, AnythingElseInItIsOneDebugLine) {
  Listing listing;
  listing.ignored = {{"/ports/file", "a regular file"}};
  EXPECT_THAT(Told(listing),
              MatchesRegex("[^\n]* DEBUG ignored /ports/file: a regular "
                           "file\n"));
}

}  // namespace
}  // namespace vios
