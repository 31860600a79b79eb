// SPDX-License-Identifier: Apache-2.0
#include "channel/wakeup.h"

#include <poll.h>

#include "channel/fd_io.h"
#include "gtest/gtest.h"

namespace vios {
namespace {

bool Rung(const Wakeup& wakeup) { return ReadyNow(wakeup.fd(), POLLIN) != 0; }

TEST(WakeupTest, ARingLastsUntilItIsCleared) {
  Cancel cancel;
  auto wakeup = *Wakeup::Create(cancel);
  EXPECT_FALSE(Rung(*wakeup));
  wakeup->Ring();
  wakeup->Ring();
  EXPECT_TRUE(Rung(*wakeup));
  wakeup->Clear();
  EXPECT_FALSE(Rung(*wakeup));
  EXPECT_EQ(wakeup->rings(), 1u);
}

TEST(WakeupTest, ClearingNothingDoesNotBlock) {
  Cancel cancel;
  auto wakeup = *Wakeup::Create(cancel);
  wakeup->Clear();
  EXPECT_FALSE(Rung(*wakeup));
}

TEST(WakeupTest, RingsWhenTheCancelFires) {
  Cancel cancel;
  auto wakeup = *Wakeup::Create(cancel);
  EXPECT_FALSE(wakeup->cancelled());
  cancel.Fire();
  EXPECT_TRUE(wakeup->cancelled());
  EXPECT_TRUE(Rung(*wakeup));
}

TEST(WakeupTest, OneMadeAfterTheCancelFiredIsRung) {
  Cancel cancel;
  cancel.Fire();
  auto wakeup = *Wakeup::Create(cancel);
  EXPECT_TRUE(wakeup->cancelled());
  EXPECT_TRUE(Rung(*wakeup));
}

}  // namespace
}  // namespace vios
