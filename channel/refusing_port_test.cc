// SPDX-License-Identifier: Apache-2.0
// A port whose write takes 0 bytes although poll calls it writable.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/frame_writer.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"

namespace {

std::atomic<int> port = -1;
std::atomic<int> refused = 0;
// Fires at so many.
constexpr int kRefusals = 12;
std::atomic<vios::Cancel*> cancel_then = nullptr;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  if (fd == port) {
    if (++refused == kRefusals && cancel_then != nullptr) {
      cancel_then.load()->Fire();
    }
    return 0;
  }
  return ::syscall(SYS_write, fd, bytes, size);
}

namespace vios {
namespace {

Deadline Late() { return Deadline::After(absl::Seconds(20)); }

class RefusingPortTest : public ::testing::Test {
 protected:
  RefusingPortTest() : channel_(std::move(pair_.ours), Role::kGuest, true) {
    port = channel_.fd();
    refused = 0;
    EXPECT_TRUE(
        channel_.Queue({FrameType::kReset, RandomToken(), RandomToken()}, "")
            .ok());
  }
  ~RefusingPortTest() override {
    port = -1;
    cancel_then = nullptr;
  }
  // It has been refused so often, and has waited in between. Every other write
  // may come at once.
  void ExpectNoSpin(Clock::time_point begun) const {
    EXPECT_EQ(refused, kRefusals);
    EXPECT_GE(absl::FromChrono(Clock::now() - begun),
              (kRefusals / 2 - 1) * FrameWriter::kStarvedWait);
  }

  FdPair pair_ = ConnectedPair();
  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  Channel channel_;
};

TEST_F(RefusingPortTest, AFlushDoesNotSpin) {
  cancel_then = &cancel_;
  const Clock::time_point begun = Clock::now();
  EXPECT_TRUE(absl::IsCancelled(channel_.writer().Flush(
      channel_.fd(), absl::Seconds(1), Late(), *wakeup_)));
  ExpectNoSpin(begun);
}

TEST_F(RefusingPortTest, AWaitForAFrameDoesNotSpin) {
  const auto any = [](const FrameHeader&) { return true; };
  cancel_then = &cancel_;
  const Clock::time_point begun = Clock::now();
  EXPECT_TRUE(absl::IsCancelled(
      channel_.Await(any, nullptr, absl::Seconds(5), Late(), *wakeup_)
          .status()));
  ExpectNoSpin(begun);
}

TEST_F(RefusingPortTest, WhatItTakesAgainGoesOn) {
  std::thread taker([] {
    const Deadline limit = Late();
    while (refused < 2 && !limit.passed()) std::this_thread::yield();
    port = -1;
  });
  EXPECT_TRUE(channel_.writer()
                  .Flush(channel_.fd(), absl::Seconds(1), Late(), *wakeup_)
                  .ok());
  taker.join();
  EXPECT_EQ(ReadExactly(pair_.theirs.get(), kHeaderSize).size(), kHeaderSize);
}

}  // namespace
}  // namespace vios
