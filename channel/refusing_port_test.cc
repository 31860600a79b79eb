// SPDX-License-Identifier: Apache-2.0
// A port whose write takes nothing although poll calls it writable.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "channel/cancel.h"
#include "channel/channel.h"
#include "channel/deadline.h"
#include "channel/fd_pair.h"
#include "channel/frame.h"
#include "channel/frame_writer.h"
#include "channel/unique_fd.h"
#include "channel/wakeup.h"
#include "gtest/gtest.h"

namespace {

std::atomic<int> port = -1;
std::atomic<int> refused = 0;
std::atomic<int> refuse_with = 0;  // An errno; 0: takes 0 bytes.
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
    errno = refuse_with;
    return refuse_with == 0 ? 0 : -1;
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
    QueueReset();
  }
  ~RefusingPortTest() override {
    port = -1;
    refuse_with = 0;
    cancel_then = nullptr;
  }
  void QueueReset() {
    EXPECT_TRUE(
        channel_.Queue({FrameType::kReset, RandomToken(), RandomToken()}, "")
            .ok());
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

// Long before another look for lost wake-ups is due.
TEST_F(RefusingPortTest, WhatItTakesAgainGoesOnSoonWhateverItSaid) {
  for (const int said : {0, ENOMEM, ENOBUFS}) {
    refuse_with = said;
    refused = 0;
    port = channel_.fd();
    if (!channel_.writer().pending()) QueueReset();
    std::thread taker([] {
      const Deadline limit = Late();
      while (refused < 2 && !limit.passed()) std::this_thread::yield();
      port = -1;
    });
    const Deadline late = Late();
    EXPECT_TRUE(channel_.writer()
                    .Flush(channel_.fd(), absl::Hours(1), late, *wakeup_)
                    .ok())
        << said;
    taker.join();
    ASSERT_FALSE(late.passed()) << said;
    EXPECT_EQ(ReadExactly(pair_.theirs.get(), kHeaderSize).size(), kHeaderSize);
  }
  // Each was a look in vain, and no wake-up was lost.
  EXPECT_EQ(channel_.counters().write.recoveries.value(), 0u);
}

// As a device does whose far end nobody has open any more: a hang-up, no room,
// and no error. A pipe's end for reading shows the same to poll.
TEST_F(RefusingPortTest, AHangUpAloneIsAFarEndThatLeft) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd hung_up(ends[0]);
  UniqueFd(ends[1]).Reset();
  refuse_with = EAGAIN;
  port = hung_up.get();
  EXPECT_TRUE(absl::IsUnavailable(channel_.writer().Flush(
      hung_up.get(), absl::Hours(1), Late(), *wakeup_)));
  EXPECT_LE(refused, 2);
}

}  // namespace
}  // namespace vios
