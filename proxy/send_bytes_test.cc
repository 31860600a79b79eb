// SPDX-License-Identifier: Apache-2.0
#include "proxy/send_bytes.h"

#include <memory>
#include <string>
#include <thread>

#include "channel/cancel.h"
#include "channel/fd_pair.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

class SendBytesTest : public ::testing::Test {
 protected:
  Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

  Cancel cancel_;
  std::unique_ptr<Wakeup> wakeup_ = *Wakeup::Create(cancel_);
  FdPair pair_ = ConnectedPair();
  const std::string much_ = std::string(4'000'000, 'x');
};

TEST_F(SendBytesTest, SendsAll) {
  EXPECT_TRUE(SendBytes(pair_.ours.get(), "PROXY", Soon(), *wakeup_).ok());
  EXPECT_EQ(ReadExactly(pair_.theirs.get(), 5), "PROXY");
}

TEST_F(SendBytesTest, EndsWhenItIsCancelledWhileNobodyReads) {
  std::thread stop([this] { cancel_.Fire(); });
  EXPECT_TRUE(
      absl::IsCancelled(SendBytes(pair_.ours.get(), much_, Soon(), *wakeup_)));
  stop.join();
}

TEST_F(SendBytesTest, EndsAtTheDeadlineWhileNobodyReads) {
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      SendBytes(pair_.ours.get(), much_,
                Deadline::After(absl::Milliseconds(50)), *wakeup_)));
}

TEST_F(SendBytesTest, APeerThatIsGoneIsTold) {
  pair_.theirs.Reset();
  EXPECT_FALSE(SendBytes(pair_.ours.get(), "x", Soon(), *wakeup_).ok());
}

}  // namespace
}  // namespace vios
