// SPDX-License-Identifier: Apache-2.0
#include "proxy/termination.h"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using Kind = SessionEnd::Kind;

SessionEnd End(Kind kind, ResetReason reason = ResetReason::kNone) {
  return {kind, reason, ""};
}

absl::string_view NameOf(const SessionEnd& end, Role role = Role::kHost,
                         bool established = true) {
  return TerminationName(TerminationOf(end, role, established));
}

TEST(TerminationTest, EveryOneHasAWordOfItsOwn) {
  std::set<absl::string_view> names;
  for (const Termination one : AllTerminations()) {
    EXPECT_THAT(std::string(TerminationName(one)), MatchesRegex("[a-z_]+"));
    EXPECT_NE(TerminationMeaning(one), "") << TerminationName(one);
    names.insert(TerminationName(one));
  }
  EXPECT_EQ(names.size(), kTerminationCount);
  EXPECT_EQ(TerminationName(Termination::kUnspecified), "unspecified");
}

TEST(TerminationTest, TheFrontPageListsAllOfThem) {
  std::ifstream file("README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  for (const Termination one : AllTerminations()) {
    EXPECT_THAT(readme,
                HasSubstr(absl::StrCat("| `", TerminationName(one), "` | ",
                                       TerminationMeaning(one), " |\n")));
  }
}

TEST(TerminationTest, OrdinaryEnds) {
  EXPECT_EQ(NameOf(End(Kind::kClean)), "clean");
  EXPECT_EQ(NameOf(End(Kind::kBaseClosed)), "base_closed");
  EXPECT_EQ(NameOf(End(Kind::kBasePeer)), "base_closed");
}

TEST(TerminationTest, BothDaemonsNameTheLegThatBroke) {
  const auto ours = End(Kind::kReset, ResetReason::kConnectionReset);
  const auto theirs = End(Kind::kPeerReset, ResetReason::kConnectionReset);
  EXPECT_EQ(NameOf(ours, Role::kGuest), "client_reset");
  EXPECT_EQ(NameOf(theirs, Role::kHost), "client_reset");
  EXPECT_EQ(NameOf(ours, Role::kHost), "service_reset");
  EXPECT_EQ(NameOf(theirs, Role::kGuest), "service_reset");
}

TEST(TerminationTest, ATimeOutIsOfTheConnectOrOfThePeer) {
  const auto end = End(Kind::kReset, ResetReason::kTimedOut);
  EXPECT_EQ(NameOf(end, Role::kHost, /*established=*/false), "connect_timeout");
  EXPECT_EQ(NameOf(end, Role::kHost, /*established=*/true), "peer_timeout");
}

TEST(TerminationTest, ResetReasonsHaveTheirWords) {
  const auto reset = [](ResetReason reason) {
    const auto ours = NameOf(End(Kind::kReset, reason));
    EXPECT_EQ(ours, NameOf(End(Kind::kPeerReset, reason)));
    return ours;
  };
  EXPECT_EQ(reset(ResetReason::kServiceRefused), "service_refused");
  EXPECT_EQ(reset(ResetReason::kIdleTimeout), "idle_timeout");
  EXPECT_EQ(reset(ResetReason::kShuttingDown), "draining");
  EXPECT_EQ(reset(ResetReason::kProtocolError), "protocol_error");
  EXPECT_EQ(reset(ResetReason::kNoResources), "no_resources");
  EXPECT_EQ(reset(ResetReason::kSuperseded), "peer_restarted");
  EXPECT_EQ(reset(ResetReason::kUnknownSession), "peer_restarted");
  EXPECT_EQ(reset(ResetReason::kHalfCloseTimeout), "half_close_timeout");
  EXPECT_EQ(reset(ResetReason::kStreamDamaged), "stream_damaged");
  EXPECT_EQ(reset(ResetReason::kGivenUpByClient), "client_left");
  EXPECT_EQ(reset(ResetReason::kNone), "unspecified");
  EXPECT_EQ(reset(ResetReason(77)), "unspecified");
}

TEST(TerminationTest, WhatThePeerAndTheChannelDo) {
  EXPECT_EQ(NameOf(End(Kind::kPeerForgot)), "peer_restarted");
  EXPECT_EQ(NameOf(End(Kind::kPeerReopened, ResetReason::kStreamDamaged)),
            "peer_restarted");
  EXPECT_EQ(NameOf(End(Kind::kChannelLost)), "channel_lost");
}

TEST(TerminationTest, TellsWhoEndedIt) {
  EXPECT_EQ(EndedBy(End(Kind::kReset)), "us");
  EXPECT_EQ(EndedBy(End(Kind::kBaseClosed)), "us");
  EXPECT_EQ(EndedBy(End(Kind::kPeerReset)), "peer");
  EXPECT_EQ(EndedBy(End(Kind::kBasePeer)), "peer");
  EXPECT_EQ(EndedBy(End(Kind::kPeerForgot)), "peer");
  EXPECT_EQ(EndedBy(End(Kind::kPeerReopened)), "peer");
  EXPECT_EQ(EndedBy(End(Kind::kClean)), "");
  EXPECT_EQ(EndedBy(End(Kind::kChannelLost)), "");
}

}  // namespace
}  // namespace vios
