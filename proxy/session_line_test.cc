// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_line.h"

#include <chrono>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr SessionId IdOf(bool options) {
  return {.guest = {0x61626364}, .host = {0x41424344}, .options = options};
}

TEST(SessionLineTest, TellsAllOfASession) {
  SessionLine line = {.channel = "qpid.0", .client = "127.0.0.1:4711"};
  line.queued = absl::Milliseconds(1500);
  line.Agreed(IdOf(true));
  line.result = {.ran = true, .end = {}, .up_bytes = 7, .down_bytes = 9};
  EXPECT_THAT(
      line.Fields().ToString(),
      AllOf(HasSubstr("channel=qpid.0"), HasSubstr("client=127.0.0.1:4711"),
            HasSubstr("tokens=abcd/ABCD"), HasSubstr("queued=1500.0ms"),
            HasSubstr("up=7"), HasSubstr("down=9"),
            HasSubstr("why=clean end=\"clean\"")));
}

TEST(SessionLineTest, WhatWasStillToBeSentIsNoPartOfItsDuration) {
  SessionLine line = {.channel = "0"};
  line.begun -= std::chrono::minutes(1);
  line.result = {.ran = true, .ended = line.begun + std::chrono::seconds(2)};
  EXPECT_THAT(line.Fields().ToString(), HasSubstr("duration=2000.0ms"));
}

TEST(SessionLineTest, TheHostNamesItsGuestAndNoQueue) {
  SessionLine line = {.guest = "g1", .channel = "0"};
  line.Agreed(IdOf(false));
  EXPECT_THAT(line.Fields().ToString(),
              AllOf(HasSubstr("guest=g1"), Not(HasSubstr("queued=")),
                    HasSubstr("peer=\"base protocol\"")));
}

TEST(SessionLineTest, EscapesWhatThePeerSays) {
  SessionLine line = {.channel = "0"};
  SessionId id = IdOf(true);
  id.peer_agent = "evil\nFATAL \x1b[31m\"";
  line.Agreed(id);
  const std::string text = line.Fields().ToString();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(SessionLineTest, TellsWhichLegBrokeAndWhoSaidSo) {
  SessionLine line = {.guest = "g1", .channel = "0"};
  line.result = {
      .ran = true,
      .end = {SessionEnd::Kind::kPeerReset, ResetReason::kConnectionReset, ""}};
  EXPECT_THAT(line.Fields().ToString(),
              HasSubstr("why=client_reset by=peer end="));
}

TEST(SessionLineTest, AnAttemptHasTheTokenThatWasAskedUnder) {
  SessionLine line = {.channel = "0"};
  line.Asked({0x61626364});
  line.result.end = ResetBecause(ResetReason::kTimedOut, "no answer");
  EXPECT_THAT(
      line.Fields().ToString(),
      AllOf(HasSubstr("tokens=abcd/- "),
            HasSubstr(
                "why=connect_timeout by=us end=\"timed out (no answer)\"")));
}

}  // namespace
}  // namespace vios
