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

// Of two lines at once, in front of a reader who comes late in the first one's
// patience and never again: how long both took together.
absl::Duration TwoLinesAtOnce(int (&pipe)[2], absl::Duration patience) {
  LineWriter writer(pipe[1], patience);
  writer.Write(Line('a', kPipe));
  const Clock::time_point begun = Clock::now();
  std::thread first([&] { writer.Write(Line('b', kPipe)); });
  std::thread second([&] { writer.Write(Line('c', kPipe)); });
  std::thread reader([&] {
    absl::SleepFor(0.8 * patience);  // What is played, not a wait for it.
    std::string text(kPipe, '\0');
    EXPECT_EQ(::read(pipe[0], text.data(), text.size()),
              static_cast<ssize_t>(kPipe));
  });
  for (std::thread* thread : {&first, &second, &reader}) thread->join();
  return absl::FromChrono(Clock::now() - begun);
}

TEST_F(LineWriterTest, WhoWaitsBehindAnotherLineWaitsNoLonger) {
  constexpr absl::Duration kPatience = absl::Milliseconds(500);
  const Deadline limit = Deadline::After(absl::Seconds(30));
  absl::Duration took;
  do {  // Again where the machine stood still meanwhile.
    took = TwoLinesAtOnce(pipe_, kPatience);
    Read();
  } while (took > 1.5 * kPatience && !limit.passed());
  EXPECT_LE(took, 1.5 * kPatience);
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
