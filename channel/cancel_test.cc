// SPDX-License-Identifier: Apache-2.0
#include "channel/cancel.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "gtest/gtest.h"

namespace vios {
namespace {

TEST(CancelTest, FiringCallsEveryListenerOnce) {
  Cancel cancel;
  int first = 0, second = 0;
  Cancel::Listener one(cancel, [&first] { ++first; });
  Cancel::Listener two(cancel, [&second] { ++second; });
  EXPECT_FALSE(cancel.fired());
  cancel.Fire();
  cancel.Fire();
  EXPECT_TRUE(cancel.fired());
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
}

TEST(CancelTest, WhoListensTooLateIsCalledAtOnce) {
  Cancel cancel;
  cancel.Fire();
  int calls = 0;
  Cancel::Listener late(cancel, [&calls] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(CancelTest, ADestroyedListenerIsNotCalled) {
  Cancel cancel;
  int calls = 0;
  {
    Cancel::Listener gone(cancel, [&calls] { ++calls; });
  }
  cancel.Fire();
  EXPECT_EQ(calls, 0);
}

TEST(CancelTest, ChildrenFireWithTheirParentButNotTheOtherWayRound) {
  Cancel parent;
  Cancel one(parent), two(parent);
  Cancel grandchild(one);
  two.Fire();
  EXPECT_FALSE(parent.fired());
  EXPECT_FALSE(one.fired());
  parent.Fire();
  EXPECT_TRUE(one.fired());
  EXPECT_TRUE(grandchild.fired());
}

TEST(CancelTest, AChildOfAFiredSignalIsBornFired) {
  Cancel parent;
  parent.Fire();
  EXPECT_TRUE(Cancel(parent).fired());
}

TEST(CancelTest, AParentMayFireAfterItsChildIsGone) {
  Cancel parent;
  std::make_unique<Cancel>(parent).reset();
  parent.Fire();
  EXPECT_TRUE(parent.fired());
}

TEST(CancelTest, NoCallbackRunsOnceItsListenerIsDestroyed) {
  for (int round = 0; round < 200; ++round) {
    Cancel cancel;
    std::atomic<bool> destroyed = false;
    std::atomic<bool> late = false;
    std::optional<Cancel::Listener> listener;
    listener.emplace(cancel, [&] { late = late || destroyed; });
    std::thread other([&cancel] { cancel.Fire(); });
    listener.reset();
    destroyed = true;
    other.join();
    EXPECT_FALSE(late);
  }
}

}  // namespace
}  // namespace vios
