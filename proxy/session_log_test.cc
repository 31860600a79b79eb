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

const std::string kMore = "more sessions ended within a second: ";

class SessionLogTest : public ::testing::Test {
 protected:
  void Write(const std::string& guest, int times) {
    for (int i = 0; i < times; ++i)
      log_.Write(guest, [] { return LogFields(); }, {2, 1});
  }
  // What came out since the last call.
  std::vector<std::string> Lines() { return std::exchange(lines_, {}); }

  Clock::time_point now_ = Clock::now();
  std::vector<std::string> lines_;
  SessionLog log_{
      [this] { return now_; },
      [this](absl::string_view message, const LogFields& fields) {
        lines_.push_back(absl::StrCat(message, ": ", fields.ToString()));
      }};
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
              ElementsAre(kMore + "guest=g1 sessions=15 up=30 down=15"));
  log_.Tick();
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SessionLogTest, NextSecondTellsTheSumWithoutATick) {
  Write("g1", 11);
  Lines();
  now_ += seconds(1);
  Write("g1", 1);
  EXPECT_THAT(Lines(), ElementsAre(kMore + "guest=g1 sessions=1 up=2 down=1",
                                   "session ended: "));
}

TEST_F(SessionLogTest, GuestsDoNotSilenceEachOther) {
  Write("g1", 1000);
  Lines();
  Write("g2", 1);
  EXPECT_THAT(Lines(), ElementsAre("session ended: "));
}

TEST_F(SessionLogTest, TheNameOfAGuestIsEscaped) {
  Write("g\n1", 11);
  EXPECT_THAT(Lines(), SizeIs(10));
  now_ += seconds(2);
  log_.Tick();
  EXPECT_THAT(Lines(),
              ElementsAre(kMore + "guest=g\\x0a1 sessions=1 up=2 down=1"));
}

TEST_F(SessionLogTest, TooManyGuestsShareOneAllowance) {
  for (size_t i = 0; i < SessionLog::kMaxGuests; ++i) Write(absl::StrCat(i), 1);
  Lines();
  Write("one more", 8);
  Write("and another", 8);
  EXPECT_THAT(Lines(), SizeIs(10));
  now_ += seconds(1);
  log_.Tick();
  EXPECT_THAT(Lines(),
              ElementsAre(kMore + "guest=(others) sessions=6 up=12 down=6"));
  Write("one more", 10);
  Write("and another", 10);
  EXPECT_THAT(Lines(), SizeIs(20));
}

TEST_F(SessionLogTest, TheGuestDaemonHasNoNameForItsGuest) {
  Write("", 11);
  Lines();
  now_ += seconds(1);
  log_.Tick();
  EXPECT_THAT(Lines(), ElementsAre(kMore + "sessions=1 up=2 down=1"));
}

TEST_F(SessionLogTest, TheEndTellsWhatIsLeft) {
  std::vector<std::string> lines;
  {
    SessionLog log([this] { return now_; },
                   [&](absl::string_view, const LogFields& fields) {
                     lines.push_back(fields.ToString());
                   });
    for (int i = 0; i < 12; ++i)
      log.Write("g1", [] { return LogFields(); }, {5, 7});
  }
  ASSERT_THAT(lines, SizeIs(11));
  EXPECT_EQ(lines.back(), "guest=g1 sessions=2 up=10 down=14");
}

}  // namespace
}  // namespace vios
