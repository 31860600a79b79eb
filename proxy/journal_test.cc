// SPDX-License-Identifier: Apache-2.0
#include "proxy/journal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "channel/unique_fd.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(JournalTest, IsWhatTheEnvironmentNames) {
  const UniqueFd here(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const UniqueFd other(::open("/dev/zero", O_WRONLY | O_CLOEXEC));
  struct stat file = {};
  ASSERT_EQ(::fstat(here.get(), &file), 0);
  const std::string stream = absl::StrCat(file.st_dev, ":", file.st_ino);
  ASSERT_EQ(::unsetenv("JOURNAL_STREAM"), 0);
  EXPECT_FALSE(IsJournal(here.get()));
  ASSERT_EQ(::setenv("JOURNAL_STREAM", stream.c_str(), 1), 0);
  EXPECT_TRUE(IsJournal(here.get()));
  EXPECT_FALSE(IsJournal(other.get()));
  EXPECT_FALSE(IsJournal(-1));
  for (const std::string& nonsense :
       {std::string(), stream + "1", ":" + stream}) {
    ASSERT_EQ(::setenv("JOURNAL_STREAM", nonsense.c_str(), 1), 0);
    EXPECT_FALSE(IsJournal(here.get())) << nonsense;
  }
}

TEST(JournalTest, KnowsHowSevereEachWordIs) {
  EXPECT_EQ(JournalPriority("FATAL"), "<2>");
  EXPECT_EQ(JournalPriority("ERROR"), "<3>");
  EXPECT_EQ(JournalPriority("WARN"), "<4>");
  EXPECT_EQ(JournalPriority("WARNING"), "<4>");
  EXPECT_EQ(JournalPriority("INFO"), "<6>");
  EXPECT_EQ(JournalPriority("DEBUG"), "<7>");
  EXPECT_EQ(JournalPriority("?"), "<6>");
}

// Each start and stop is one.
TEST(JournalTest, AnAlertIsNoReasonToCallAnybody) {
  EXPECT_EQ(JournalPriority("ALERT"), JournalPriority("NOTICE"));
}

}  // namespace
}  // namespace vios
