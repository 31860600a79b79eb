// SPDX-License-Identifier: Apache-2.0
#include "proxy/line_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "channel/deadline.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

// Two pages: poll calls a pipe full that has room in its last page only.
constexpr size_t kPipe = 8192;

std::string Line(char fill, size_t size) {
  return std::string(size - 1, fill) + "\n";
}

// With a small, non-blocking pipe in the place of stderr.
class LineWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::pipe2(pipe_, O_CLOEXEC | O_NONBLOCK), 0);
    ASSERT_EQ(::fcntl(pipe_[1], F_SETPIPE_SZ, kPipe), static_cast<int>(kPipe));
  }
  void TearDown() override {
    for (const int end : pipe_) ::close(end);
  }
  // What is there, at most `size` of it.
  std::string Read(size_t size = 1 << 20) {
    std::string text(size, '\0');
    const ssize_t n = ::read(pipe_[0], text.data(), size);
    text.resize(n > 0 ? static_cast<size_t>(n) : 0);
    return text;
  }

  int pipe_[2] = {-1, -1};
};

TEST_F(LineWriterTest, WhatIsNotTakenAtAllIsDroppedAndCounted) {
  LineWriter writer(pipe_[1], absl::Milliseconds(1));
  writer.Write(Line('a', kPipe));
  writer.Write("b\n");
  writer.Write("c\n");
  EXPECT_EQ(writer.dropped(), 2u);
  EXPECT_EQ(Read(), Line('a', kPipe));
  writer.Write("d\n");
  EXPECT_EQ(Read(), "d\n");
  EXPECT_EQ(writer.dropped(), 2u);
}

TEST_F(LineWriterTest, ALineThatIsBegunIsFinishedOnceSomebodyReads) {
  LineWriter writer(pipe_[1], absl::Seconds(60));
  const std::string line = Line('a', 10 * kPipe);
  std::string seen;
  std::thread reader([&] {
    ASSERT_EQ(::fcntl(pipe_[0], F_SETFL, 0), 0);  // Waits.
    while (seen.size() < line.size()) seen += Read();
  });
  writer.Write(line);
  reader.join();
  EXPECT_TRUE(seen == line);
  EXPECT_EQ(writer.dropped(), 0u);
}

TEST_F(LineWriterTest, WhatIsLeftOfALineComesBeforeTheNext) {
  LineWriter writer(pipe_[1], absl::Milliseconds(1));
  writer.Write(Line('a', kPipe + 10));
  writer.Write("b\n");
  EXPECT_EQ(writer.dropped(), 1u);
  EXPECT_EQ(Read(), std::string(kPipe, 'a'));
  writer.Write("c\n");
  EXPECT_EQ(Read(), "aaaaaaaaa\nc\n");
  EXPECT_EQ(writer.dropped(), 1u);
}

TEST_F(LineWriterTest, ABlockingPipeThatNobodyReadsBlocksNobody) {
  ASSERT_EQ(::fcntl(pipe_[1], F_SETFL, 0), 0);
  LineWriter writer(pipe_[1], absl::Milliseconds(50));
  writer.Write(Line('a', 3 * kPipe));
  EXPECT_EQ(Read(), std::string(kPipe, 'a'));
  writer.Write(Line('b', kPipe));  // Behind what is left of the other.
  EXPECT_EQ(writer.dropped(), 1u);
}

TEST_F(LineWriterTest, OnlyTheFirstLineWaitsForAReaderThatIsNotThere) {
  constexpr absl::Duration kPatience = absl::Seconds(5);
  LineWriter writer(pipe_[1], kPatience);
  writer.Write(Line('a', kPipe));
  const Deadline limit = Deadline::After(20 * kPatience);
  for (int i = 0; i < 100; ++i) writer.Write("b\n");
  EXPECT_FALSE(limit.passed());
  EXPECT_EQ(writer.dropped(), 100u);
  Read();
  writer.Write(Line('c', kPipe));  // There is one, and the next line waits.
  absl::Notification now;          // The thread may take its time to start.
  std::thread reader([&] {
    now.WaitForNotification();
    EXPECT_EQ(Read(), Line('c', kPipe));
  });
  now.Notify();
  writer.Write("d\n");
  reader.join();
  EXPECT_EQ(writer.dropped(), 100u);
}

TEST_F(LineWriterTest, NobodyThereIsNoReasonToWait) {
  ::close(std::exchange(pipe_[0], ::dup(STDIN_FILENO)));
  std::signal(SIGPIPE, SIG_IGN);
  LineWriter writer(pipe_[1], absl::Hours(1));
  writer.Write("a\n");
  EXPECT_EQ(writer.dropped(), 1u);
}

}  // namespace
}  // namespace vios
