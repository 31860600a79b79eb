// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_stderr.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "channel/unique_fd.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

bool Blocks(int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0; }

// With a pipe in the place of stderr, which somebody else writes, too.
class LogStderrTest : public ::testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    read_ = UniqueFd(ends[0]);
    other_ = UniqueFd(ends[1]);
    ASSERT_GE(::dup2(other_.get(), STDERR_FILENO), 0);
  }
  void TearDown() override { ::dup2(saved_.get(), STDERR_FILENO); }

  const UniqueFd saved_{::dup(STDERR_FILENO)};
  UniqueFd read_, other_;
};

TEST_F(LogStderrTest, APipeThatSomebodyElseFillsBlocksNobodyHere) {
  PrepareLogToStderr();
  ASSERT_FALSE(Blocks(STDERR_FILENO));
  const std::string page(4096, 'x');
  while (::write(STDERR_FILENO, page.data(), page.size()) > 0) {
  }
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_TRUE(Blocks(other_.get())) << "the other writer's side was changed";
}

TEST_F(LogStderrTest, LinesArriveAsBefore) {
  WriteLogToStderr("INFO", "before", {});
  PrepareLogToStderr();
  WriteLogToStderr("INFO", "behind", {});
  std::string text(4096, '\0');
  const ssize_t n = ::read(read_.get(), text.data(), text.size());
  ASSERT_GT(n, 0);
  text.resize(static_cast<size_t>(n));
  EXPECT_LT(text.find("INFO before\n"), text.find("INFO behind\n")) << text;
  EXPECT_NE(text.find("INFO behind\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace vios
