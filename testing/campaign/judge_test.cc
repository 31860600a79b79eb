// SPDX-License-Identifier: Apache-2.0
#include "testing/campaign/judge.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "testing/campaign/fault.h"
#include "testing/traffic/content.h"

namespace vios::testing {
namespace {

constexpr Allowed kNothing;
constexpr Allowed kResets = {.reset = true};

Connection Plan() {
  return {.name = "r1.2", .verb = "both", .up = {70, 1}, .down = {50, 2}};
}

ClientResult Client(const std::string& outcome, const std::string& tail = "",
                    int same = 1) {
  return ClientResult(absl::StrFormat(
      "connected\noutcome=%s bytes=50 same=%d digest=0 sent=70 upload=reset "
      "seconds=0.1 tail=\"%s\"\n",
      outcome, same, tail));
}

std::string UpDigest() { return absl::StrFormat("%016x", DigestOf(Plan().up)); }

TEST(JudgeTest, CleanClientIsClean) {
  const Verdict verdict = JudgeClient(Plan(), Client("clean-eof"), kNothing);
  EXPECT_EQ(verdict.ending, Ending::kClean);
  EXPECT_EQ(verdict.wrong, "");
}

TEST(JudgeTest, ResetIsRightOnlyWhenAFaultMayCauseIt) {
  EXPECT_EQ(JudgeClient(Plan(), Client("reset"), kResets).wrong, "");
  EXPECT_EQ(JudgeClient(Plan(), Client("reset"), kResets).ending,
            Ending::kReset);
  EXPECT_NE(JudgeClient(Plan(), Client("reset"), kNothing).wrong, "");
}

TEST(JudgeTest, DamageIsAlwaysWrong) {
  for (const char* outcome : {"short", "different", "timeout", "failed", ""}) {
    EXPECT_NE(JudgeClient(Plan(), Client(outcome), kResets).wrong, "");
  }
  EXPECT_NE(JudgeClient(Plan(), ClientResult("still running"), kResets).wrong,
            "");
}

TEST(JudgeTest, ForeignBytesBeforeAResetAreWrong) {
  EXPECT_NE(JudgeClient(Plan(), Client("reset", "", 0), kResets).wrong, "");
  EXPECT_NE(JudgeClient(Plan(), Client("reset", "x"), kResets).wrong, "");
  EXPECT_EQ(JudgeClient(Plan(), Client("reset", "received 70 "), kResets).wrong,
            "");
  const std::string report = absl::StrCat("received 70 ", UpDigest(), "\\n");
  EXPECT_EQ(JudgeClient(Plan(), Client("reset", report), kResets).wrong, "");
}

TEST(JudgeTest, ClientThatVanishesNeverEndsClean) {
  Connection plan = Plan();
  plan.vanish = true;
  EXPECT_EQ(JudgeClient(plan, Client("vanished"), kNothing).wrong, "");
  EXPECT_EQ(JudgeClient(plan, Client("vanished"), kNothing).ending,
            Ending::kMeant);
  EXPECT_NE(JudgeClient(plan, Client("clean-eof"), kResets).wrong, "");
  const Served served = {plan.Request(), "clean-eof", 70, UpDigest()};
  EXPECT_NE(JudgeService(plan, served, kResets).wrong, "");
}

TEST(JudgeTest, RefusedOnlyWhileNobodyListens) {
  EXPECT_NE(JudgeClient(Plan(), Client("refused"), kResets).wrong, "");
  EXPECT_EQ(
      JudgeClient(Plan(), Client("refused"), {.reset = true, .refused = true})
          .wrong,
      "");
}

TEST(JudgeTest, ServiceEndsWithAllBytesOrWithAReset) {
  const Connection plan = Plan();
  const Served whole = {plan.Request(), "clean-eof", 70, UpDigest()};
  EXPECT_EQ(JudgeService(plan, whole, kNothing).ending, Ending::kClean);
  const Served reset = {plan.Request(), "reset", 30, "0"};
  EXPECT_EQ(JudgeService(plan, reset, kResets).wrong, "");
  EXPECT_NE(JudgeService(plan, reset, kNothing).wrong, "");
  const Served less = {plan.Request(), "clean-eof", 69, UpDigest()};
  EXPECT_NE(JudgeService(plan, less, kResets).wrong, "");
  const Served other = {plan.Request(), "clean-eof", 70, "0"};
  EXPECT_NE(JudgeService(plan, other, kResets).wrong, "");
  const Served open = {plan.Request(), "", 0, ""};
  EXPECT_NE(JudgeService(plan, open, kResets).wrong, "");
}

TEST(JudgeTest, FaultOfOnePortCutsOneConnection) {
  const std::vector<Fault> one = {Fault::kPortUnplugged, Fault::kHostStopped};
  EXPECT_EQ(JudgeResets(one, 1), "");
  EXPECT_NE(JudgeResets(one, 2), "");
  EXPECT_NE(JudgeResets({Fault::kVmPaused}, 1), "");
  EXPECT_EQ(JudgeResets({Fault::kPortUnplugged, Fault::kHostKilled}, 9), "");
}

TEST(JudgeTest, ServiceThatGotAnotherRequestIsWrong) {
  const Served served = {"both 1 2 70 1 r1.2", "reset", 0, ""};
  EXPECT_NE(JudgeService(Plan(), served, kResets).wrong, "");
}

}  // namespace
}  // namespace vios::testing
