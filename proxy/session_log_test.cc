// SPDX-License-Identifier: Apache-2.0
#include "proxy/session_log.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SessionLogTest : public ::testing::Test {
 protected:
  void Write(const std::string& guest, int times) {
    for (int i = 0; i < times; ++i) log_.Write(guest, "ended");
  }
  // What came out since the last call.
  std::vector<std::string> Lines() { return std::exchange(lines_, {}); }

  Clock::time_point now_ = Clock::now();
  std::vector<std::string> lines_;
  SessionLog log_{[this] { return now_; },
                  [this](const std::string& line) { lines_.push_back(line); }};
};

TEST_F(SessionLogTest, ShowsTenLinesASecond) {
  Write("g1", 10);
  EXPECT_THAT(Lines(), SizeIs(10));
  now_ += seconds(1);
  Write("g1", 10);
  EXPECT_THAT(Lines(), SizeIs(10));
}

TEST_F(SessionLogTest, SumsUpTheRest) {
  Write("g1", 25);
  EXPECT_THAT(Lines(), SizeIs(10));
  now_ += milliseconds(999);
  log_.Tick();
  EXPECT_THAT(Lines(), IsEmpty());
  now_ += milliseconds(1);
  log_.Tick();
  EXPECT_THAT(Lines(),
              ElementsAre("15 more sessions of g1 ended in the last second"));
  log_.Tick();
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SessionLogTest, NextSecondTellsTheSumWithoutATick) {
  Write("g1", 11);
  Lines();
  now_ += seconds(1);
  Write("g1", 1);
  EXPECT_THAT(
      Lines(),
      ElementsAre("1 more sessions of g1 ended in the last second", "ended"));
}

TEST_F(SessionLogTest, GuestsDoNotSilenceEachOther) {
  Write("g1", 1000);
  Lines();
  Write("g2", 1);
  EXPECT_THAT(Lines(), ElementsAre("ended"));
}

TEST_F(SessionLogTest, TooManyGuestsShareOneAllowance) {
  for (size_t i = 0; i < SessionLog::kMaxGuests; ++i) Write(absl::StrCat(i), 1);
  Lines();
  Write("one more", 8);
  Write("and another", 8);
  EXPECT_THAT(Lines(), SizeIs(10));
  now_ += seconds(1);
  log_.Tick();
  EXPECT_THAT(
      Lines(),
      ElementsAre("6 more sessions of other guests ended in the last second"));
  Write("one more", 10);
  Write("and another", 10);
  EXPECT_THAT(Lines(), SizeIs(20));
}

}  // namespace
}  // namespace vios
