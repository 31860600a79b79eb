// SPDX-License-Identifier: Apache-2.0
// A port whose write takes 0 bytes although poll calls it writable.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"

namespace {

std::atomic<int> port = -1;
std::atomic<int> refused = 0;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  if (fd == port) {
    ++refused;
    return 0;
  }
  return ::syscall(SYS_write, fd, bytes, size);
}

namespace vios {
namespace {

constexpr absl::Duration kWhile = absl::Milliseconds(300);
// One every FrameWriter::kStarvedWait, and as many again.
constexpr int kMostWrites = 12;

class RefusingPortTest : public ::testing::Test {
 protected:
  RefusingPortTest() : channel_(std::move(pair_.ours), Role::kGuest, true) {
    port = channel_.fd();
    refused = 0;
    EXPECT_TRUE(
        channel_.Queue({FrameType::kReset, RandomToken(), RandomToken()}, "")
            .ok());
  }
  ~RefusingPortTest() override { port = -1; }

  FdPair pair_ = ConnectedPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  Channel channel_;
};

TEST_F(RefusingPortTest, AFlushDoesNotSpin) {
  EXPECT_TRUE(absl::IsDeadlineExceeded(channel_.writer().Flush(
      channel_.fd(), absl::Seconds(1), Deadline::After(kWhile), *wakeup_)));
  EXPECT_GE(refused, 2);
  EXPECT_LE(refused, kMostWrites);
}

TEST_F(RefusingPortTest, AWaitForAFrameDoesNotSpin) {
  const auto any = [](const FrameHeader&) { return true; };
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(channel_
                                   .Await(any, nullptr, absl::Seconds(5),
                                          Deadline::After(kWhile), *wakeup_)
                                   .status()));
  EXPECT_GE(refused, 2);
  EXPECT_LE(refused, kMostWrites);
}

TEST_F(RefusingPortTest, WhatItTakesAgainGoesOn) {
  std::thread taker([] {
    const Deadline limit = Deadline::After(absl::Seconds(10));
    while (refused < 2 && !limit.passed()) std::this_thread::yield();
    port = -1;
  });
  EXPECT_TRUE(channel_.writer()
                  .Flush(channel_.fd(), absl::Seconds(1),
                         Deadline::After(absl::Seconds(10)), *wakeup_)
                  .ok());
  taker.join();
  EXPECT_EQ(ReadExactly(pair_.theirs.get(), kHeaderSize).size(), kHeaderSize);
}

}  // namespace
}  // namespace vios
