// SPDX-License-Identifier: Apache-2.0
#include "proxy/line_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace vios {
namespace {

constexpr size_t kPipe = 4096;

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
  LineWriter writer(pipe_[1]);
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

TEST_F(LineWriterTest, NobodyThereIsNoReasonToWait) {
  LineWriter writer(-1, absl::Hours(1));
  writer.Write("a\n");
  EXPECT_EQ(writer.dropped(), 1u);
}

}  // namespace
}  // namespace vios
